import { currentRequest, requestContext, type RequestContext } from '@shopfleet/kernel';
import { traced } from '@shopfleet/tracing';
import type { Job, JobsOptions } from 'bullmq';
import { z } from 'zod';

const carried = z.object({ requestId: z.string().max(200), traceparent: z.string().max(100).optional() });

/** What a job carries of the request that asked for it, in the place that BullMQ has for it. */
export function contextToCarry(): Pick<JobsOptions, 'telemetry'> {
  const request = currentRequest();
  return request ? { telemetry: { metadata: JSON.stringify({ requestId: request.requestId, traceparent: request.traceparent }) } } : {};
}

/** Runs the work of a job as part of the request that asked for it: its id in the logs, its trace. */
export function inContextOf<T>(job: Job, queue: string, work: () => Promise<T>): Promise<T> {
  const context = contextOf(job);
  if (context === undefined) return work();
  return requestContext.run(context, () => traced(`job ${queue} ${job.name}`, { kind: 'consumer', attributes: { 'messaging.system': 'bullmq', 'messaging.destination.name': queue } }, work));
}

function contextOf({ opts }: Job): RequestContext | undefined {
  const metadata = opts.telemetry?.metadata;
  if (metadata === undefined) return undefined;
  try {
    return carried.safeParse(JSON.parse(metadata)).data;
  } catch {
    return undefined;
  }
}
