import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { freePorts, requireFreePort } from '../servers/index.ts';
import { killProcess } from '../servers/processes.ts';

// The memory makes its end take a while: its first thread is gone before the others have let go of the port.
const program = (port: number): string => `
  const memory = Array.from({ length: 40 }, () => Buffer.alloc(10_000_000, 1));
  require('node:net').createServer().listen(${port}, '127.0.0.1', () => console.log('listens', memory.length));`;

test('a process that was killed has let go of its ports', async () => {
  const [port = 0] = await freePorts(1);
  for (let round = 0; round < 4; round += 1) {
    const child = spawn(process.execPath, ['-e', program(port)], { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
    await once(child.stdout, 'data');
    await killProcess({ pid: child.pid ?? 0 });
    await expect(requireFreePort('test', port)).resolves.toBeUndefined();
  }
});
