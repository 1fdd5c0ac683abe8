import { parseArgs } from 'node:util';
import { dataPath, resolveInstance } from '@shopfleet/local';
import { findLines } from './src/log-files.ts';
import { formatLine, momentOf } from './src/log-line.ts';

const help = `npm run logs -- [--request ID] [--trace ID] [--service order] [--level warn] [--since 5m] [--grep TEXT] [--last 200] [--json]
  Lines of all services and of nginx, oldest first. --request follows one request through all of them: its id is in the
  X-Request-Id of every answer and in every problem. Logs that were rotated are read too. npm run cluster:logs shows them as they come.`;

const { values } = parseArgs({
  options: {
    request: { type: 'string' }, trace: { type: 'string' }, service: { type: 'string' }, level: { type: 'string' }, since: { type: 'string' },
    grep: { type: 'string' }, last: { type: 'string', default: '200' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' },
  },
});
if (values.help) {
  console.log(help);
  process.exit(0);
}
const { request, trace, service, level, since, grep, last, json } = values;
const found = await findLines(dataPath(resolveInstance(), 'logs'), { request, trace, service, level, since: since === undefined ? undefined : momentOf(since), contains: grep });
// A request is told as a whole.
const shown = request === undefined ? found.slice(-Number(last)) : found;
for (const line of shown) console.log(json ? JSON.stringify(line.fields) : formatLine(line, { withRequest: request === undefined }));
if (shown.length === 0) {
  console.error('There is no such line.');
  process.exitCode = 1;
}
