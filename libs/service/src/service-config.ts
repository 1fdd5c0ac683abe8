import type { serviceEnvironment } from '@shopfleet/config';
import type { z } from 'zod';

/** The variables of @shopfleet/config's `serviceEnvironment`, parsed. */
export type ServiceConfig = z.infer<z.ZodObject<typeof serviceEnvironment>>;
