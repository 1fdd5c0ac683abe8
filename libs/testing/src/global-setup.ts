import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { docker, freeServerPorts, instanceOf, type Report, startReaper } from '@shopfleet/local';
import type { TestProject } from 'vitest/node';
import { BinaryBackend } from './binary-backend.ts';
import { ContainerBackend } from './container-backend.ts';
import { ControlServer } from './control-server.ts';
import type { ServerBackend } from './provided.ts';

const images = {
  mongo: process.env['SHOPFLEET_MONGO_IMAGE'] || 'mongo:8',
  redis: process.env['SHOPFLEET_REDIS_IMAGE'] || 'redis:7',
  rabbitmq: process.env['SHOPFLEET_RABBITMQ_IMAGE'] || 'rabbitmq:3-management',
};

/** Starts the servers once for a test run, on free ports and in a folder of their own, and gives back how to end them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const begun = Date.now();
  const way = await chooseWay();
  const dataDir = await mkdtemp(join(tmpdir(), 'shopfleet-test-'));
  const ports = await freeServerPorts();
  // Ends the servers when this process is gone, however it ended.
  const reaper = startReaper(dataDir);
  const backend: ServerBackend = way === 'docker' ? new ContainerBackend(instanceOf(dataDir), ports, images) : new BinaryBackend(dataDir, ports, report);
  const control = new ControlServer(backend);
  try {
    const servers = await backend.start();
    project.provide('servers', servers);
    project.provide('serverControl', await control.listen());
  } catch (error) {
    await reaper.finish();
    throw new Error(`The integration tests have no servers: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  process.stderr.write(`servers ready in ${((Date.now() - begun) / 1000).toFixed(1)} s: ${backend.description}\n`);
  return async () => {
    control.close();
    await reaper.finish();
  };
}

/** `SHOPFLEET_TEST_SERVERS` forces a way; else Docker where an engine answers and has the images, else binaries. */
async function chooseWay(): Promise<'docker' | 'binary'> {
  const forced = process.env['SHOPFLEET_TEST_SERVERS'] || process.env['SHOPFLEET_SERVERS'];
  // The helper container that testcontainers would clean up with cannot be fetched offline; the reaper does its work.
  process.env['TESTCONTAINERS_RYUK_DISABLED'] ??= 'true';
  if (forced === 'docker' || forced === 'binary') return forced;
  if (forced !== undefined && forced !== '') throw new Error('SHOPFLEET_TEST_SERVERS must be docker or binary (or unset: Docker where it answers, else binaries)');
  if ((await docker.engine()) === undefined) return 'binary';
  const present = await Promise.all(Object.values(images).map((image) => docker.hasImage(image)));
  return present.every((here) => here) ? 'docker' : 'binary';
}

const report: Report = ({ server, state, detail }) => {
  if (state === 'install') process.stderr.write(`${server}: ${detail}\n`);
};
