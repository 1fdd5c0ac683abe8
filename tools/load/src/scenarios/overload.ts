import { scaleService } from '@shopfleet/local';
import type { LoadShop } from '../load-shop.ts';
import { operatorProcess, waitFor } from '../operator-process.ts';
import type { Scenario } from '../scenario.ts';
import { overloadingCrowd } from '../visitors.ts';

const visitors = 500;
const mailbox = 'operations@example.com';
const nextInLine = 'escalation@example.com';

interface StoredMail {
  readonly id: string;
  readonly subject: string;
}

/**
 * One worker of the catalogue and more people than it bears: Prometheus notices, Alertmanager posts, the notification
 * service tells operations by mail, and again when it is over. Then an alert that has stayed for 31 minutes, by
 * Alertmanager as well: it is told to the next in line.
 */
export const overload: Scenario = {
  about: 'an overload until its alert has been mailed, and until it is over (about 8 min, with Prometheus)',
  run: async (shop) => {
    await scaleService(shop.instance, 'product-service', '1');
    const prometheus = operatorProcess(shop, 'infra/local/cli.ts', 'prometheus');
    try {
      const alertmanager = `http://127.0.0.1:${shop.instance.ports.gateway + 11}`;
      await waitFor(`Prometheus and Alertmanager (${prometheus.output()})`, 60, () => ready(`http://127.0.0.1:${shop.instance.ports.gateway + 10}/-/ready`));
      await waitFor('Alertmanager', 60, () => ready(`${alertmanager}/-/ready`));
      const known = new Set([...(await mailsTo(shop, mailbox)), ...(await mailsTo(shop, nextInLine))].map(({ id }) => id));
      const newMail = (to: string, subject: RegExp) => async () => (await mailsTo(shop, to)).find((mail) => !known.has(mail.id) && subject.test(mail.subject));

      const crowd = overloadingCrowd(shop, visitors);
      const began = performance.now();
      const alert = await waitFor('a mail about the overload', 480, newMail(mailbox, /^Alert: /u)).finally(() => console.log(`  ${prometheus.output().trim()}`));
      const toldAfter = (performance.now() - began) / 1_000;
      console.log(`  "${alert.subject}" after ${toldAfter.toFixed(0)} s`);
      const { answers, failed } = await crowd.leave();
      const left = performance.now();
      const over = await waitFor('a mail that it is over', 480, newMail(mailbox, new RegExp(`^Over: ${alert.subject.replace('Alert: ', '')}`, 'u')));
      const overAfter = (performance.now() - left) / 1_000;
      console.log(`  "${over.subject}" ${overAfter.toFixed(0)} s after they left`);
      await tellAlertmanager(alertmanager, 'CheckoutsStuck', 31);
      const escalated = await waitFor('a mail to the next in line', 120, newMail(nextInLine, /^Alert, level 3: CheckoutsStuck/u));
      return {
        rows: [
          { what: `overload: ${visitors} at once on one worker, ${answers} answers, of them failed`, measured: String(failed) },
          { what: 'overload: its alert is in the mailbox of operations', measured: `"${alert.subject}" after ${toldAfter.toFixed(0)} s`, promised: 'yes', ok: true },
          { what: 'overload: and that it is over, after the crowd has left', measured: `${overAfter.toFixed(0)} s`, promised: 'yes', ok: true },
          { what: 'overload: what has stayed for 31 min is told to the next in line', measured: `"${escalated.subject}"`, promised: 'level 3', ok: true },
        ],
        charts: [],
      };
    } finally {
      await prometheus.end();
      await scaleService(shop.instance, 'product-service', '2');
    }
  },
};

const ready = async (url: string): Promise<true | undefined> => ((await fetch(url).catch(() => undefined))?.ok ? true : undefined);

async function mailsTo({ instance }: LoadShop, to: string): Promise<StoredMail[]> {
  const response = await fetch(`http://127.0.0.1:${instance.ports.mailbox}/api/messages?to=${encodeURIComponent(to)}`);
  return ((await response.json()) as { items: StoredMail[] }).items;
}

async function tellAlertmanager(url: string, alertname: string, minutesAgo: number): Promise<void> {
  const alert = { labels: { alertname, severity: 'critical', service: 'order' }, annotations: { summary: 'A drill: 120 checkouts have no outcome' }, startsAt: new Date(Date.now() - minutesAgo * 60_000).toISOString() };
  const response = await fetch(`${url}/api/v2/alerts`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify([alert]) });
  if (!response.ok) throw new Error(`Alertmanager answered ${response.status}: ${await response.text()}`);
}
