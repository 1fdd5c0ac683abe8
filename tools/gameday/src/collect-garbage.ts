import { setTimeout as delay } from 'node:timers/promises';

/** Where Node's inspector listens when a process is told to open it. */
const inspector = '127.0.0.1:9229';
const patienceMs = 30_000;
/** How long somebody else may be looking into a process of theirs. */
const turnMs = 60_000;

/** What a worker holds after that, in megabytes: objects and compiled code, and bytes beside the heap. */
export interface Held {
  readonly heap: number;
  readonly buffers: number;
}

/**
 * Lets a worker collect all its garbage, by the inspector that Node opens on loopback at SIGUSR1 and that is closed again. What the
 * worker holds then is in use; before, its memory rises and falls with what is dead and not yet looked for.
 *
 * @throws Error when the inspector does not answer in thirty seconds, or is another process's for a minute
 */
export async function collectGarbage(pid: number): Promise<Held> {
  await untilClosed(AbortSignal.timeout(turnMs));
  const signal = AbortSignal.timeout(patienceMs);
  process.kill(pid, 'SIGUSR1');
  const session = await Session.open(await addressOf(signal), signal);
  const held = await collectIn(session, pid).finally(() => session.close());
  await untilClosed(signal);
  return held;
}

async function collectIn(session: Session, pid: number): Promise<Held> {
  const answer = await session.call('Runtime.evaluate', { expression: 'process.pid' });
  if (!answer.includes(`"value":${pid},`)) throw new Error(`${inspector} is the inspector of another process than ${pid}: end its debugging first`);
  try {
    await session.call('HeapProfiler.collectGarbage');
    const [, heap, buffers] = /"value":"(\d+) (\d+)"/u.exec(await session.call('Runtime.evaluate', { expression: heldExpression })) ?? [];
    return { heap: Number(heap) / 1024 ** 2, buffers: Number(buffers) / 1024 ** 2 };
  } finally {
    // Not at once: the answer to this goes through what is being closed.
    await session.call('Runtime.evaluate', { expression: "setTimeout(() => process.getBuiltinModule('inspector').close(), 100)" });
  }
}

const heldExpression = "(({ heapUsed, external }) => heapUsed + ' ' + external)(process.memoryUsage())";

async function addressOf(signal: AbortSignal): Promise<string> {
  while (!signal.aborted) {
    const targets = await fetch(`http://${inspector}/json`, { signal }).then((response) => response.json(), () => []) as { webSocketDebuggerUrl: string }[];
    if (targets[0]) return targets[0].webSocketDebuggerUrl;
    await delay(50);
  }
  throw noAnswer();
}

async function untilClosed(signal: AbortSignal): Promise<void> {
  while (await fetch(`http://${inspector}/json`, { signal }).then(() => true, () => signal.aborted)) {
    if (signal.aborted) throw noAnswer();
    await delay(50);
  }
}

const noAnswer = (): Error => new Error(`the inspector at ${inspector} did not answer or did not end in ${patienceMs / 1_000} s`);

/** Questions to an inspector, one after the other. */
class Session {
  readonly #socket: WebSocket;
  readonly #signal: AbortSignal;
  #asked = 0;

  private constructor(socket: WebSocket, signal: AbortSignal) {
    this.#socket = socket;
    this.#signal = signal;
  }

  static async open(address: string, signal: AbortSignal): Promise<Session> {
    const socket = new WebSocket(address);
    await heard(socket, 'open', signal, () => true);
    return new Session(socket, signal);
  }

  /** Resolves with the answer as it came, in JSON. */
  async call(method: string, params: object = {}): Promise<string> {
    const id = (this.#asked += 1);
    const answer = heard(this.#socket, 'message', this.#signal, (event) => event instanceof MessageEvent && String(event.data).startsWith(`{"id":${id},`));
    this.#socket.send(JSON.stringify({ id, method, params }));
    const event = await answer;
    return event instanceof MessageEvent ? String(event.data) : '';
  }

  close(): void {
    this.#socket.close();
  }
}

function heard(socket: WebSocket, name: 'open' | 'message', signal: AbortSignal, wanted: (event: Event) => boolean): Promise<Event> {
  return new Promise((resolve, reject) => {
    for (const [source, end] of [[signal, 'abort'], [socket, 'close']] as const) source.addEventListener(end, () => reject(noAnswer()), { once: true });
    const hear = (event: Event): void => {
      if (!wanted(event)) return;
      socket.removeEventListener(name, hear);
      resolve(event);
    };
    socket.addEventListener(name, hear);
  });
}
