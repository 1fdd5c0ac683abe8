import { fork, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('../../mailbox/src/main.ts', import.meta.url));

export interface ReceivedMail {
  readonly id: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly messageId: string;
  readonly text: string;
  readonly html: string;
}

/** The development mailbox in a process of its own, which can be killed and brought back on the same ports and file. */
export class MailboxProcess {
  private child: ChildProcess | undefined;

  private constructor(
    private readonly directory: string,
    private readonly webPort: number,
    private readonly smtpPort: number,
  ) {}

  static async start(): Promise<MailboxProcess> {
    const mailbox = new MailboxProcess(await mkdtemp(join(tmpdir(), 'mailbox-')), await freePort(), await freePort());
    await mailbox.run();
    return mailbox;
  }

  get smtpUrl(): string {
    return `smtp://127.0.0.1:${this.smtpPort}`;
  }

  async run(): Promise<void> {
    const child = fork(entry, {
      execArgv: ['--conditions=@shopfleet/source', '--disable-warning=ExperimentalWarning'],
      env: { PATH: process.env['PATH'], NODE_ENV: 'test', LOG_LEVEL: 'error', DATA_DIR: this.directory, MAILBOX_PORT: String(this.webPort), SMTP_PORT: String(this.smtpPort) },
    });
    this.child = child;
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve());
      child.once('exit', (code) => reject(new Error(`the mailbox ended with ${code}`)));
    });
  }

  async kill(): Promise<void> {
    const child = this.child;
    if (child === undefined) return;
    this.child = undefined;
    child.removeAllListeners('exit');
    await new Promise((resolve) => {
      child.once('exit', resolve);
      child.kill('SIGKILL');
    });
  }

  /** Every mail to an address, newest first. */
  async mailsTo(address: string): Promise<ReceivedMail[]> {
    const base = `http://127.0.0.1:${this.webPort}/api/messages`;
    const { items } = (await (await fetch(`${base}?to=${encodeURIComponent(address)}`)).json()) as { items: { id: string }[] };
    return await Promise.all(items.map(async ({ id }) => (await (await fetch(`${base}/${id}`)).json()) as ReceivedMail));
  }

  /** What was taken in all, without the bodies. */
  async everything(): Promise<Pick<ReceivedMail, 'to' | 'messageId'>[]> {
    const found: { id: string; to: ReceivedMail['to']; messageId: ReceivedMail['messageId'] }[] = [];
    for (let before = ''; ; before = `&before=${found.at(-1)?.id ?? ''}`) {
      const answer = await fetch(`http://127.0.0.1:${this.webPort}/api/messages?limit=500${before}`);
      const { items } = (await answer.json()) as { items: typeof found };
      found.push(...items);
      if (items.length < 500) return found;
    }
  }

  async close(): Promise<void> {
    await this.kill();
    await rm(this.directory, { recursive: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
