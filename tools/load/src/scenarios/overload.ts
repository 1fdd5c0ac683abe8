import { scaleService } from '@shopfleet/local';
import type { LoadShop } from '../load-shop.ts';
import { operatorProcess, waitFor } from '../operator-process.ts';
import type { Scenario } from '../scenario.ts';
import { overloadingCrowd } from '../visitors.ts';

const visitors = 500;
const mailbox = 'operations@example.com';
const nextInLine = 'escalation@example.com';
const acknowledged = 'OutboxStuck';
const unacknowledged = 'CheckoutsStuck';

interface StoredMail {
  readonly id: string;
  readonly subject: string;
}

/**
 * One worker of the catalogue and more people than it bears: Prometheus notices, Alertmanager posts, the notification
 * service tells operations by mail, and again when it is over. Then two alerts that have stayed for 31 minutes, by
 * Alertmanager as well: one that somebody has acknowledged by a silence, and one that nobody has. That one is told to the
 * next in line.
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
      await ask(`${alertmanager}/api/v2/silences`, { matchers: [{ name: 'alertname', value: acknowledged, isRegex: false, isEqual: true }], startsAt: new Date().toISOString(), endsAt: minutesFromNow(10), createdBy: 'load', comment: 'acknowledged: somebody looks at it' });
      await ask(`${alertmanager}/api/v2/alerts`, [acknowledged, unacknowledged].map((alertname) => ({ labels: { alertname, severity: 'critical', service: 'order' }, annotations: { summary: 'A drill' }, startsAt: minutesFromNow(-31) })));
      const escalated = await waitFor('a mail to the next in line', 120, newMail(nextInLine, new RegExp(`^Alert, level 3: ${unacknowledged}`, 'u')));
      const toldInVain = await newMail(nextInLine, new RegExp(acknowledged, 'u'))();
      return {
        rows: [
          { what: `overload: ${visitors} at once on one worker, ${answers} answers, of them failed`, measured: String(failed) },
          { what: 'overload: its alert is in the mailbox of operations', measured: `"${alert.subject}" after ${toldAfter.toFixed(0)} s`, promised: 'yes', ok: true },
          { what: 'overload: and that it is over, after the crowd has left', measured: `${overAfter.toFixed(0)} s`, promised: 'yes', ok: true },
          { what: 'overload: what has stayed for 31 min is told to the next in line', measured: `"${escalated.subject}"`, promised: 'level 3', ok: true },
          { what: 'overload: what somebody has acknowledged (silenced) is not', measured: toldInVain === undefined ? 'not told' : `"${toldInVain.subject}"`, promised: 'not told', ok: toldInVain === undefined },
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

async function ask(url: string, body: unknown): Promise<void> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
}

const minutesFromNow = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();
