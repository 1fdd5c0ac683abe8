// npm run test:compose: builds and starts both compose files, buys something through each, kills a container of each kind and
// buys again. Takes ports 18480 to 18485 of the loopback; nothing that it starts stays, but for the images, which make the next run short.
import { commandLine, UsageError } from '@shopfleet/local';
import { Checks } from './src/checks.ts';
import { checkDevelopment } from './src/development.ts';
import { docker } from './src/docker.ts';
import { checkHighAvailability } from './src/high-availability.ts';
import { interrupted } from './src/interruption.ts';
import { checkObservability } from './src/observability.ts';
import { checkProduction } from './src/production.ts';

const kinds = ['production', 'development', 'ha', 'obs'];
const { values } = commandLine({
  command: 'test:compose',
  help: `npm run test:compose [-- --only ${kinds.join(',')}]\nWithout --only: production and development.`,
  options: { only: { type: 'string', default: 'production,development' } },
});
const only = values.only.split(',');
const unknown = only.filter((kind) => !kinds.includes(kind));
if (unknown.length > 0) throw new UsageError(`--only knows ${kinds.join(', ')}, not "${unknown.join(', ')}".`);

const checks = new Checks();
const engine = await docker(['compose', 'version']).then(() => docker(['info', '--format', '{{.ServerVersion}}'])).catch((error: unknown) => {
  process.stderr.write(`✗ Docker with its compose plugin does not answer: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(2);
});
process.stdout.write(`Docker ${engine.trim()}\n`);
const begun = Date.now();
try {
  if (only.includes('production')) await checkProduction(checks);
  if (only.includes('development')) await checkDevelopment(checks);
  if (only.includes('ha')) await checkHighAvailability(checks);
  if (only.includes('obs')) await checkObservability(checks);
} catch (error) {
  if (!interrupted.aborted) throw error;
}
process.stdout.write(`${Math.round((Date.now() - begun) / 1000)} s\n\n${checks.passed} passed, ${checks.failed} failed\n`);
process.exitCode = interrupted.aborted ? 130 : checks.failed === 0 && checks.passed > 0 ? 0 : 1;
