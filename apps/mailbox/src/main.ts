import { pino } from 'pino';
import { readMailboxConfig } from './config.ts';
import { startMailbox } from './mailbox.ts';

const config = readMailboxConfig();
const log = pino({ name: 'mailbox', level: config.LOG_LEVEL });

try {
  const mailbox = await startMailbox(config, log);
  log.info({ web: `http://${config.HOST}:${String(mailbox.webPort)}`, smtp: `smtp://${config.HOST}:${String(mailbox.smtpPort)}` }, 'mailbox ready');
  process.send?.('ready');

  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    mailbox.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'the mailbox did not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
} catch (error) {
  log.fatal(`The mailbox cannot start: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
