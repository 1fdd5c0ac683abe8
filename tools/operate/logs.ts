import { dataPath, numberOption, resolveInstance, commandLine, UsageError } from '@shopfleet/local';
import { findLines } from './src/log-files.ts';
import { formatLine, isLevel, levels, momentOf } from './src/log-line.ts';

const help = `npm run logs -- [--request ID] [--trace ID] [--service order] [--level warn] [--since 5m] [--grep TEXT] [--last 200] [--json]
  Lines of all services and of nginx, oldest first. --request follows one request through all of them: its id is in the
  X-Request-Id of every answer and in every problem. Logs that were rotated are read too. npm run cluster:logs shows them as they come.`;

const { values: { request, trace, service, level, since, grep, last, json } } = commandLine({
  command: 'logs',
  help,
  options: {
    request: { type: 'string' }, trace: { type: 'string' }, service: { type: 'string' }, level: { type: 'string' }, since: { type: 'string' },
    grep: { type: 'string' }, last: { type: 'string', default: '200' }, json: { type: 'boolean' },
  },
});
const most = numberOption('last', last, { least: 1, most: 1_000_000 });
if (level !== undefined && !isLevel(level)) throw new UsageError(`--level is one of ${levels.join(', ')}, not "${level}".`);
const found = await findLines(dataPath(resolveInstance(), 'logs'), { request, trace, service, level, since: since === undefined ? undefined : sinceOf(since), contains: grep });
// A request is told as a whole.
const shown = request === undefined ? found.slice(-most) : found;
for (const line of shown) console.log(json ? JSON.stringify(line.fields) : formatLine(line, { withRequest: request === undefined }));
if (shown.length === 0) {
  console.error('There is no such line.');
  process.exitCode = 1;
}

function sinceOf(text: string): number {
  const moment = momentOf(text);
  if (moment === undefined) throw new UsageError(`--since is 30s, 5m, 2h, 1d or a time such as 2026-11-27T08:00:00Z, not "${text}".`);
  return moment;
}
