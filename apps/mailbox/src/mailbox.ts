import type { AddressInfo, Server as NetServer } from 'node:net';
import type { Logger } from 'pino';
import type { MailboxConfig } from './config.ts';
import { MailStore } from './mail-store.ts';
import { createSmtpReceiver } from './smtp-receiver.ts';
import { createWebServer } from './web-server.ts';

/** The newest so many mails are kept. */
const MAX_MESSAGES = 5_000;
const MAX_FILE_BYTES = 256 * 1024 * 1024;

export interface RunningMailbox {
  readonly webPort: number;
  readonly smtpPort: number;
  close(): Promise<void>;
}

/**
 * Starts both servers. The web port is bound before the file is touched, so that a second
 * mailbox fails on the port and cannot write into the file of the first.
 */
export const startMailbox = async (config: Omit<MailboxConfig, 'NODE_ENV' | 'LOG_LEVEL'>, log: Logger): Promise<RunningMailbox> => {
  const taking: { store?: MailStore } = {};
  const loopbackOnly = ['127.0.0.1', '::1', 'localhost'].includes(config.HOST);
  const web = createWebServer({ store: () => taking.store, loopbackOnly, log });
  const webPort = await listening(web, config.MAILBOX_PORT, config.HOST, 'MAILBOX_PORT');
  const opened = await MailStore.open(config.DATA_DIR, { maxMessages: MAX_MESSAGES, maxBytes: MAX_FILE_BYTES });
  const smtp = createSmtpReceiver(opened, log);
  const smtpPort = await listening(smtp.server, config.SMTP_PORT, config.HOST, 'SMTP_PORT');
  taking.store = opened;
  return {
    webPort,
    smtpPort,
    close: async () => {
      await new Promise<void>((resolve) => smtp.close(resolve));
      web.closeIdleConnections();
      await new Promise<void>((resolve) => web.close(() => resolve()));
      await opened.close();
    },
  };
};

const listening = (server: NetServer, port: number, host: string, variable: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      reject(error.code === 'EADDRINUSE' ? new Error(`port ${String(port)} is taken: stop what listens there or set ${variable}`) : error);
    };
    server.once('error', failed);
    server.listen(port, host, () => {
      server.removeListener('error', failed);
      resolve((server.address() as AddressInfo).port);
    });
  });
