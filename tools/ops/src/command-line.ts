import { parseArgs } from 'node:util';

/** A wrong command line; the message says what to type instead. */
export class UsageError extends Error {}

export const help = `npm run ops -- COMMAND

  dlq list [SERVICE]                 dead letters of a service or of all, and what nobody was bound for ("unrouted")
  dlq show SERVICE ID                one of them, with its body
  dlq redrive SERVICE --id ID        sends it to its consumer again, its tries begun anew
      [--body FILE]                  … with a corrected content (JSON of the whole event)
  dlq redrive SERVICE --all [--type TYPE] [--limit N]
  dlq discard SERVICE --id ID | --all [--type TYPE] --yes
  outbox status                      events that wait to be published, by service, and who publishes
  queue stats                        queues of RabbitMQ and of BullMQ
  cache clear PATTERN                makes cached answers unusable by tag, such as 'product:*', 'lists' or '*'
  admin list                         who runs the shop: admins and super admins
  admin grant EMAIL [ROLE]           gives a registered, verified account a role, super-admin where none is named: this is
                                     how the first administrator comes about

SERVICE is auth, cart, notification, order, product or unrouted.
The servers are those of the running instance (SHOPFLEET_INSTANCE, default dev), or RABBITMQ_URL, MONGODB_URI (of any
service), REDIS_CACHE_URL and REDIS_STATE_URL where they are set (or NAME_FILE, a file that holds it); AUTH_MONGODB_URI
where auth's database is elsewhere. What changes something is in the audit log of auth.
Options: --json for programs, --actor NAME for the audit (default: your login name).`;

export interface CommandLine {
  readonly words: readonly string[];
  readonly id: string | undefined;
  readonly type: string | undefined;
  readonly all: boolean;
  readonly yes: boolean;
  readonly json: boolean;
  readonly limit: number | undefined;
  readonly body: string | undefined;
  readonly actor: string | undefined;
  readonly help: boolean;
}

/** @throws UsageError for an option that is not known or has a wrong value */
export function parseCommandLine(args: readonly string[]): CommandLine {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        id: { type: 'string' }, type: { type: 'string' }, all: { type: 'boolean' }, yes: { type: 'boolean' }, json: { type: 'boolean' },
        limit: { type: 'string' }, body: { type: 'string' }, actor: { type: 'string' }, help: { type: 'boolean', short: 'h' },
      },
    });
    const limit = values.limit === undefined ? undefined : Number(values.limit);
    if (limit !== undefined && (!Number.isInteger(limit) || limit < 1 || limit > 10_000)) throw new UsageError('--limit is a whole number from 1 to 10000.');
    return {
      words: positionals, id: values.id, type: values.type, all: values.all === true, yes: values.yes === true, json: values.json === true,
      limit, body: values.body, actor: values.actor, help: values.help === true,
    };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
