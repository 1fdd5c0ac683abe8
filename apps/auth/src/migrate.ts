import { prepareBroker } from '@shopfleet/messaging';
import { migrate } from '@shopfleet/mongo';
import { outboxIndexes } from '@shopfleet/outbox';
import { accountIndexes } from './accounts/accounts.schema.ts';
import { addressIndexes } from './addresses/addresses.schema.ts';
import { auditIndexes } from './audit/audit.schema.ts';
import { config } from './config.ts';
import { sessionIndexes } from './sessions/sessions.schema.ts';
import { mailTokenIndexes } from './tokens/mail-tokens.schema.ts';

await migrate(config.MONGODB_URI, [accountIndexes, sessionIndexes, mailTokenIndexes, addressIndexes, auditIndexes, ...outboxIndexes]);
await prepareBroker(config.RABBITMQ_URL, 'auth');
