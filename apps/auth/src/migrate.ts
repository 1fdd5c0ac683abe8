import { loadConfig, mongoEnvironment, rabbitEnvironment } from '@shopfleet/config';
import { prepareBroker } from '@shopfleet/messaging';
import { migrate } from '@shopfleet/mongo';
import { outboxIndexes } from '@shopfleet/outbox';
import { z } from 'zod';
import { accountIndexes } from './accounts/accounts.schema.ts';
import { addressIndexes } from './addresses/addresses.schema.ts';
import { auditIndexes } from './audit/audit.schema.ts';
import { sessionIndexes } from './sessions/sessions.schema.ts';
import { mailTokenIndexes } from './tokens/mail-tokens.schema.ts';

const { MONGODB_URI, RABBITMQ_URL } = loadConfig(z.object({ ...mongoEnvironment, ...rabbitEnvironment }));
await migrate(MONGODB_URI, [accountIndexes, sessionIndexes, mailTokenIndexes, addressIndexes, auditIndexes, ...outboxIndexes]);
await prepareBroker(RABBITMQ_URL, 'auth');
