import { loadConfig } from '@shopfleet/config';
import { z } from 'zod';

const port = (preset: number) => z.coerce.number().int().min(0).max(65_535).default(preset);

const mailboxEnvironment = z.object({
  NODE_ENV: z
    .enum(['development', 'test'], {
      error: 'must be development or test: the mailbox shows every mail to everybody who can reach it, so it never runs in production',
    })
    .default('development'),
  HOST: z.string().min(1).default('127.0.0.1'),
  MAILBOX_PORT: port(5601),
  SMTP_PORT: port(5602),
  DATA_DIR: z.string({ error: 'is missing: name a folder in which the mails are kept' }).min(1),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

export type MailboxConfig = z.infer<typeof mailboxEnvironment>;

export const readMailboxConfig = (): MailboxConfig => loadConfig(mailboxEnvironment);
