import { rm } from 'node:fs/promises';
import { discardServers } from './launch.ts';
import { serverNames } from './types.ts';

// Waits until the process that started it is gone or says so by closing the pipe, then ends the servers of its data
// folder and removes the folder: nothing of a test run stays behind, even after a kill -9.
const dataDir = process.argv[2];
if (dataDir === undefined) throw new Error('usage: node reaper.ts <data folder>');
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
process.stdin.resume();
await new Promise((resolve) => process.stdin.once('close', resolve));
await discardServers(dataDir, serverNames);
await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
