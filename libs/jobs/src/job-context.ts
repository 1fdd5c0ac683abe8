import { currentRequest, requestContext, type RequestContext } from '@shopfleet/kernel';
import { traced } from '@shopfleet/tracing';
import type { Job, JobsOptions } from 'bullmq';
import { z } from 'zod';

/** What a job carries of the request that asked for it. */
export const carriedContextSchema = z.object({ requestId: z.string().max(200), traceparent: z.string().max(100).optional() });
export type CarriedContext = z.infer<typeof carriedContextSchema>;

/** The present request, as a job can carry it: for jobs that do something for several requests. */
export function carriedContext(): CarriedContext | undefined {
  const request = currentRequest();
  return request && { requestId: request.requestId, ...(request.traceparent !== undefined && { traceparent: request.traceparent }) };
}

/** The context of a job for one request, in the place that BullMQ has for it. */
export function contextToCarry(): Pick<JobsOptions, 'telemetry'> {
  const context = carriedContext();
  return context ? { telemetry: { metadata: JSON.stringify(context) } } : {};
}

/** Runs the work of a job as part of the request that asked for it: its id in the logs, its trace. */
export function inContextOf<T>(job: Job, queue: string, work: () => Promise<T>): Promise<T> {
  return inCarriedContext(contextOf(job), queue, job.name, work);
}

/** Runs a part of a job as part of the request that asked for it. */
export function inCarriedContext<T>(context: RequestContext | undefined, queue: string, name: string, work: () => Promise<T>): Promise<T> {
  if (context === undefined) return work();
  return requestContext.run(context, () => traced(`job ${queue} ${name}`, { kind: 'consumer', attributes: { 'messaging.system': 'bullmq', 'messaging.destination.name': queue } }, work));
}

function contextOf({ opts }: Job): RequestContext | undefined {
  const metadata = opts.telemetry?.metadata;
  if (metadata === undefined) return undefined;
  try {
    return carriedContextSchema.safeParse(JSON.parse(metadata)).data;
  } catch {
    return undefined;
  }
}
