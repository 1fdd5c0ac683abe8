export { BoardQueues, type QueueFigures } from './board-queues.ts';
export { JobsModule, type JobsModuleOptions } from './jobs.module.ts';
export { Jobs } from './jobs.ts';
export { carriedContext, carriedContextSchema, inCarriedContext, type CarriedContext } from './job-context.ts';
export { ordersPolicy, type JobPolicy } from './job-policy.ts';
export type { AddJob, JobHandler, JobQueue, JobRun } from './job-queue.ts';
