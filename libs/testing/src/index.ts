export { eventually, type EventuallyOptions } from './eventually.ts';
export { startGuardedServer, type GuardedServer } from './guarded-servers.ts';
export { type ServerControl, type TestServers } from './provided.ts';
export { freshDatabase, freshRedis, freshVhost, killServer, restartServer } from './servers.ts';
export { seededRandom, seedOfRun } from './random.ts';
export { picture, type PictureName } from './pictures.ts';
export { startWorker, type Worker } from './worker.ts';
export { inject } from 'vitest';
