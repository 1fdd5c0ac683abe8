import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseEvent, subscriptions, type Envelope } from '@shopfleet/contracts';
import { contentIdPrefix, DeadLetters, deadQueue, unroutedQueue, type AsideQueue, type DeadLetter } from '@shopfleet/messaging';
import type { Context } from './context.ts';
import { UsageError, type CommandLine } from './command-line.ts';
import { printTable } from './print.ts';

const services = Object.keys(subscriptions);

type Verb = (context: Context, letters: DeadLetters, line: CommandLine, name: string | undefined) => Promise<void>;

/** dlq list | show | redrive | discard */
export async function dlq(context: Context, line: CommandLine): Promise<void> {
  const [, verb, name] = line.words;
  const work = verbs.get(verb ?? '');
  if (work === undefined) throw new UsageError('dlq takes list, show, redrive or discard.');
  if (name !== undefined) queueOf(name);
  const letters = await DeadLetters.connect(context.surroundings.rabbitmq);
  try {
    await work(context, letters, line, name);
  } finally {
    await letters.close();
  }
}

const verbs: ReadonlyMap<string, Verb> = new Map([['list', list], ['show', show], ['redrive', redrive], ['discard', discard]]);

function queueOf(name: string | undefined): AsideQueue {
  if (name === 'unrouted') return 'unrouted';
  if (name === undefined || !services.includes(name)) throw new UsageError(`Name a service: ${[...services, 'unrouted'].join(', ')}.`);
  return { service: name };
}

async function list({ print, audit }: Context, letters: DeadLetters, { json, type, limit = 1_000 }: CommandLine, chosen: string | undefined): Promise<void> {
  const names = chosen === undefined ? [...services, 'unrouted'] : [chosen];
  const rows: (Omit<DeadLetter, 'body'> & { service: string })[] = [];
  for (const name of names) {
    const queue = queueOf(name);
    // A service that was never started has no queue yet.
    if ((await letters.depthOf(queue === 'unrouted' ? unroutedQueue : deadQueue(queue.service))) === undefined) continue;
    const found = await letters.list(queue, { limit, ...(type !== undefined && { type }) });
    rows.push(...found.map(({ body: _body, ...letter }) => ({ service: name, ...letter })));
  }
  await audit('ops.dlq-list', chosen ?? 'all', { letters: rows.length, ...(type !== undefined && { type }) });
  if (json) return print(JSON.stringify(rows, undefined, 2));
  if (rows.length === 0) return print('Nothing was put aside.');
  printTable(print, ['service', 'id', 'type', 'reason', 'tries', 'redrives', 'dead at', 'error'], rows.map(({ service, id, type: of, reason, attempts, redrives, deadAt, lastError }) => [service, id, of, reason, String(attempts), String(redrives), deadAt, lastError.slice(0, 100)]));
}

async function show({ print, audit }: Context, letters: DeadLetters, { json, words, id = words[3] }: CommandLine, name: string | undefined): Promise<void> {
  if (id === undefined) throw new UsageError('Say which: dlq show SERVICE ID.');
  const [letter] = await letters.list(queueOf(name), { id });
  if (letter === undefined) throw new UsageError(`${name} has no dead letter ${id}; "dlq list ${name}" shows those there are.`);
  // What it says may be about a person.
  await audit('ops.dlq-show', letter.id, { service: name, type: letter.type });
  if (json) return print(JSON.stringify(letter, undefined, 2));
  const { body, ...rest } = letter;
  for (const [field, value] of Object.entries(rest)) print(`${field.padEnd(12)} ${value}`);
  print('');
  print(pretty(body));
}

async function redrive(context: Context, letters: DeadLetters, line: CommandLine, name: string | undefined): Promise<void> {
  const selection = selectionOf(line, 'redrive');
  const body = line.body === undefined ? undefined : corrected(line.body);
  const before = async (letter: DeadLetter): Promise<void> => {
    if (body !== undefined) requireSameEvent(letter, body.event);
    const difference = body !== undefined && { bodyBefore: hashOf(letter.body), bodySent: hashOf(body.text) };
    await context.audit('ops.dlq-redrive', letter.id, { service: name, type: letter.type, reason: letter.reason, corrected: body !== undefined, ...difference });
  };
  const sent = await letters.redrive(queueOf(name), selection, { body: body?.text, before });
  report(context, line, sent, 'sent again');
}

async function discard(context: Context, letters: DeadLetters, line: CommandLine, name: string | undefined): Promise<void> {
  const selection = selectionOf(line, 'discard');
  if (!line.yes) throw new UsageError('What is discarded is gone for good: add --yes when you are sure.');
  const gone = await letters.discard(queueOf(name), selection, (letter) =>
    context.audit('ops.dlq-discard', letter.id, { service: name, type: letter.type, reason: letter.reason, body: letter.body.slice(0, 2_000) }),
  );
  report(context, line, gone, 'discarded');
}

function selectionOf({ id, all, type, limit, words }: CommandLine, verb: string): { id?: string; type?: string; limit?: number } {
  const chosen = id ?? words[3];
  if (chosen === undefined && !all && type === undefined) throw new UsageError(`Say which: dlq ${verb} SERVICE --id ID, or --all, or --type TYPE.`);
  return { ...(chosen !== undefined && { id: chosen }), ...(type !== undefined && { type }), ...(limit !== undefined && { limit }) };
}

/** @throws ContractError when the corrected event would be put aside again at once */
function corrected(file: string): { readonly text: string; readonly event: Envelope } {
  const text = readFileSync(file, 'utf8');
  return { text, event: parseEvent(JSON.parse(text)) };
}

// A correction that is another event would be handled under a name that was never published, and the one that was given
// up would be gone. Only a type that nobody knows is itself what may be corrected.
function requireSameEvent(letter: DeadLetter, { id, type }: Envelope): void {
  const said = readIdentity(letter.body);
  const idBefore = said.id ?? (letter.id.startsWith(contentIdPrefix) ? undefined : letter.id);
  if (idBefore !== undefined && id !== idBefore) throw new Error(`The corrected event has the id ${id}, the letter ${idBefore}: keep the id and correct the rest, or choose the letter that the file is of. Nothing was sent.`);
  const typeBefore = said.type ?? letter.type;
  if (letter.reason !== 'unknown-type' && type !== typeBefore) throw new Error(`The corrected event is a ${type}, the letter a ${typeBefore}: keep the type and correct the rest, or choose the letter that the file is of. Nothing was sent.`);
}

function readIdentity(body: string): { readonly id?: string; readonly type?: string } {
  try {
    const said: unknown = JSON.parse(body);
    if (typeof said !== 'object' || said === null) return {};
    return { ...('id' in said && typeof said.id === 'string' && { id: said.id }), ...('type' in said && typeof said.type === 'string' && { type: said.type }) };
  } catch {
    return {};
  }
}

const hashOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

function report({ print }: Context, { json }: CommandLine, letters: readonly DeadLetter[], what: string): void {
  if (json) return print(JSON.stringify(letters.map(({ id, type }) => ({ id, type }))));
  print(letters.length === 0 ? 'There was none to choose.' : `${letters.length} ${what}: ${letters.slice(0, 20).map(({ id }) => id).join(', ')}${letters.length > 20 ? ', …' : ''}`);
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2);
  } catch {
    return body;
  }
}
