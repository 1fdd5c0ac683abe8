import { execFile } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { projectFolder } from '@shopfleet/local';
import type { ShopAddress } from './buyer.ts';
import type { Checks, Say } from './checks.ts';
import { ComposeProject } from './docker.ts';
import { allWell } from './stack.ts';

const run = promisify(execFile);
const url = 'https://localhost:18480';

/** Where the secrets of this shop are while it is tested. */
export const folder = path.join(projectFolder, '.shopfleet', 'test-compose');

/** docker-compose.prod.yml with a payment provider and a mail server. */
export const productionShop = (settings: NodeJS.ProcessEnv = {}): ComposeProject =>
  new ComposeProject('shopfleet-test', {
    cwd: projectFolder,
    files: ['docker-compose.prod.yml', path.join('tools', 'compose', 'test.yml')],
    env: {
      SHOPFLEET_VERSION: 'test',
      SHOPFLEET_SECRETS: folder,
      GATEWAY_PORT: '127.0.0.1:18480',
      MAILBOX_PORT: '18481',
      PUBLIC_URL: url,
      PAYMENT_URL: 'http://payment-simulator:3000',
      // All buyers are one address, whose limits are raised but counted.
      LOADTEST_CIDR: '0.0.0.0/0',
      ...settings,
    },
  });

export const shopAddress = (): ShopAddress => ({ url, ca: readFileSync(path.join(folder, 'tls', 'ca.pem'), 'utf8'), mailbox: 'http://127.0.0.1:18481' });

/** Makes secrets and images, and does `work` where that went well; the secrets go in any case. */
export async function withImages(checks: Checks, project: ComposeProject, options: readonly string[], work: () => Promise<void>): Promise<void> {
  try {
    if (await checks.check('production images build with the classic builder', (say) => build(project, options, say))) await work();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function build(project: ComposeProject, options: readonly string[], say: Say): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  // No settings of an operator's: a test must not reach their mail server or their payments.
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], PUBLIC_URL: url, SMTP_URL: 'smtp://mailbox:5602' };
  await run(process.execPath, ['--disable-warning=ExperimentalWarning', 'infra/local/containers/secret-files.ts', '--folder', folder, '--from', '', ...options], { cwd: projectFolder, env });
  await project.compose('--profile', '*', 'config', '--quiet');
  await project.build(say);
}

/** Starts it, and waits until all of it is well. */
export async function startShop(project: ComposeProject, profile: readonly string[], say: Say): Promise<void> {
  await project.compose(...profile, 'up', '-d', '--no-build');
  await allWell(project, { patienceMs: 300_000, say });
}

/** A few products. */
export async function seed(project: ComposeProject): Promise<void> {
  await project.compose('run', '--rm', '--no-deps', 'seed');
}
