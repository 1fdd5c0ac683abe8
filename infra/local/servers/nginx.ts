import { findProgram, type Program, type ProgramSpec } from './find.ts';
import type { Report } from './types.ts';

const nginxProgram: ProgramSpec = {
  server: 'nginx',
  image: { default: 'nginx:1', variable: 'SHOPFLEET_NGINX_IMAGE' },
  commands: ['nginx'],
  packages: { apt: ['nginx'], brew: ['nginx'], units: ['nginx'] },
};

/**
 * Finds or installs nginx; the caller writes its settings and runs it by `startServer` (with `hostNetwork: true`, since
 * the services behind it listen on this machine's loopback). A binary comes first unless `SHOPFLEET_SERVERS=docker`:
 * only Linux lets a container reach that loopback.
 */
export async function findNginx(report: Report, env: NodeJS.ProcessEnv = process.env): Promise<Program> {
  const way = env['SHOPFLEET_SERVERS'] === 'docker' && process.platform === 'linux' ? 'docker' : 'binary';
  return findProgram(nginxProgram, { report, env: { ...env, SHOPFLEET_SERVERS: way } });
}
