// npm run start-production, stop-production: the shop with NODE_ENV=production and the variables of .env.production, if
// there is one. Plain JavaScript, as infra/local/bootstrap.mjs, to which it hands over.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const projectDir = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const [command = '', ...rest] = process.argv.slice(2);
if (command !== 'start' && command !== 'stop') {
  process.stderr.write('usage: node infra/production/production.mjs start|stop\n');
  process.exit(2);
}

const file = path.join(projectDir, '.env.production');
// What the environment says already wins over the file.
if (existsSync(file)) process.loadEnvFile(file);
// What stands in the file without a value is not set.
for (const [name, value] of Object.entries(process.env)) if (value === '') delete process.env[name];
process.env.NODE_ENV = 'production';

// Services drain on POSIX signals; on Windows they run inside WSL, with the same files.
const [program, ...before] = process.platform === 'win32' ? ['wsl.exe', '--cd', projectDir, '-e', 'node'] : [process.execPath];
const bootstrap = process.platform === 'win32' ? 'infra/production/production.mjs' : path.join(projectDir, 'infra', 'local', 'bootstrap.mjs');
const child = spawn(program, [...before, bootstrap, command, ...rest], { cwd: projectDir, stdio: 'inherit' });
child.on('error', (error) => {
  process.stderr.write(`✗ ${program} could not be run (${error.message})${process.platform === 'win32' ? ': install WSL (wsl --install)' : ''}\n`);
  process.exitCode = 1;
});
child.on('exit', (code) => (process.exitCode = code ?? 1));
