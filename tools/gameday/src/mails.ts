import type { Stage } from './stage.ts';

export interface Mail {
  readonly subject: string;
  /** With its angle brackets. */
  readonly messageId: string;
}

/** What the mailbox of a shop in development has for an address. */
export async function mailsTo({ instance }: Stage, email: string): Promise<readonly Mail[]> {
  const response = await fetch(`http://127.0.0.1:${instance.ports.mailbox}/api/messages?to=${email}`);
  return ((await response.json()) as { items: readonly Mail[] }).items;
}

/** How many say what another one has said, under another Message-ID: a person reads them twice. */
export async function saidTwice(stage: Stage, emails: readonly string[]): Promise<{ readonly mails: number; readonly twice: number }> {
  let [mails, twice] = [0, 0];
  for (const email of emails) {
    const all = await mailsTo(stage, email);
    mails += all.length;
    twice += new Set(all.map(({ messageId }) => messageId)).size - new Set(all.map(({ subject }) => subject)).size;
  }
  return { mails, twice };
}
