// What PM2 runs. `npm start` writes the environment of every application into a run file and starts them; afterwards
// `npx pm2 ls`, `npx pm2 scale product-service 4`, `npx pm2 reload all` work as typed, with no variable to set; for a
// shop named by SHOPFLEET_INSTANCE with PM2_HOME=.shopfleet/NAME/pm2.
// CommonJS, because PM2 loads it with require().
const fs = require('node:fs');
const path = require('node:path');

const dataDir = process.env.SHOPFLEET_DATA_DIR || path.join('.shopfleet', process.env.SHOPFLEET_INSTANCE || 'dev');
const runFile = process.env.SHOPFLEET_RUN_FILE || path.resolve(__dirname, dataDir, 'run', 'services.json');
if (!fs.existsSync(runFile)) throw new Error(`${runFile} is not there: run "npm start" first, it writes down which servers the services use.`);
const { apps, instances, logDir } = JSON.parse(fs.readFileSync(runFile, 'utf8'));

// What a process needs of its surroundings; nothing else of the operator's shell reaches a service.
const surroundings = Object.fromEntries(['PATH', 'HOME', 'LANG', 'TZ', 'TMPDIR'].flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));

// OpenTelemetry is loaded before the service, and only where a collector is named.
const tracing = (environment) => (environment.OTEL_EXPORTER_OTLP_ENDPOINT ? ['--import', path.join(__dirname, 'libs', 'tracing', 'dist', 'preload.js')] : []);

const common = (name, folder, { heapMb = 384, growthPercent = 200, malloc = { MALLOC_ARENA_MAX: '2' } } = {}) => ({
  name,
  namespace: 'shopfleet',
  cwd: __dirname,
  script: path.join(__dirname, 'apps', folder, 'dist', 'main.js'),
  // Which variables there are does not depend on what is set: PM2 takes none away from a worker that it restarts.
  env: { ...surroundings, ...malloc, OTEL_SERVICE_NAME: folder, ...apps[name] },
  // Drops every variable whose name contains '', that is all of them. `true` should, but has no effect in PM2 7.
  filter_env: [''],
  out_file: path.join(logDir, `${name}.log`),
  error_file: path.join(logDir, `${name}.log`),
  merge_logs: true,
  // V8 would let the young generation grow to 32 MB and more, glibc keep freed memory in an arena per thread, 16 of them:
  // so bounded, a worker stays below 200 MB at rest. With so little room V8 by itself marks the whole heap each time that
  // it has grown by a third, under load up to three times a second, on every core (docs/adr/0023-how-far-a-heap-grows.md).
  node_args: ['--max-semi-space-size=8', `--max-old-space-size=${heapMb}`, `--heap-growing-percent=${growthPercent}`, ...tracing(apps[name])],
  wait_ready: true,
  listen_timeout: 30_000,
  autorestart: true,
  exp_backoff_restart_delay: 100,
  max_memory_restart: '500M',
  // No git look-ups and no agent inside the workers.
  // Costs some 20 MB a worker; stack traces then name the compiled files.
  disable_source_map_support: true,
  vizion: false,
  pmx: false,
});

// Worker n listens on PORT + n (NODE_APP_INSTANCE), so that nginx can choose the least busy one.
const service = (folder, memory) => {
  const name = `${folder}-service`;
  return {
    ...common(name, folder, memory),
    exec_mode: 'cluster',
    instances: instances[name],
    // Longer than SHUTDOWN_TIMEOUT_MS: a worker ends itself after draining, PM2 kills only what hangs.
    kill_timeout: 20_000,
  };
};

const single = (name) => ({ ...common(name, name), exec_mode: 'fork', instances: 1, kill_timeout: 15_000 });

// In production there are no stand-ins for the providers of mail and payment.
const singles = ['mailbox', 'payment-simulator'].filter((name) => apps[name]).map(single);

// Imports and exports of 100,000 products run through it. With less room for garbage, and what is freed given back to the
// system instead of kept, it holds less than 230 MB then (infra/docker/run-node.sh has the same).
// What zlib takes for each answer that it packs (up to 128 KiB a piece) stays below both thresholds: fetched from the system
// and given back each time, packing takes twice as long.
const product = service('product', { heapMb: 144, growthPercent: 100, malloc: { MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '1048576', MALLOC_MMAP_THRESHOLD_: '524288' } });

module.exports = {
  apps: [...singles, service('auth'), product, service('cart'), service('order'), service('notification')].filter(({ script }) => fs.existsSync(script)),
};
