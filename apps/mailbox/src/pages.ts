import type { MailSummary, StoredMail } from './stored-mail.ts';

/** Text made safe for HTML content and for attribute values in double quotes. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${String(character.charCodeAt(0))};`);

/** Escaped text whose http and https addresses can be clicked. */
export const linkify = (text: string): string =>
  text
    .split(/(https?:\/\/[^\s<>"']+)/)
    .map((part, index) => {
      const safe = escapeHtml(part);
      return index % 2 === 1 ? `<a href="${safe}" target="_blank" rel="noopener noreferrer">${safe}</a>` : safe;
    })
    .join('');

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="/mailbox.css">
<script src="/mailbox.js" defer></script>
</head>
<body>
<header><a class="brand" href="/">Shopfleet mailbox</a><span class="note">every mail of the development shop, delivered nowhere else</span></header>
<main>
${body}
</main>
</body>
</html>
`;

const time = (iso: string): string => `<time datetime="${escapeHtml(iso)}">${escapeHtml(iso.slice(0, 19).replace('T', ' '))}</time>`;

const row = (mail: MailSummary): string => {
  const href = `/messages/${encodeURIComponent(mail.id)}`;
  return `<tr><td><a href="${href}">${escapeHtml(mail.subject) || '(no subject)'}</a></td><td>${escapeHtml(mail.to.join(', '))}</td><td>${time(mail.receivedAt)}</td></tr>`;
};

/** The list, newest first. `total` counts what the filter left out as well. */
export const listPage = (mails: readonly MailSummary[], total: number, to: string): string => {
  const rows =
    mails.length === 0
      ? '<tr><td colspan="3" class="empty">No mail yet. Register in the shop or place an order, and it appears here by itself.</td></tr>'
      : mails.map(row).join('\n');
  return page(
    'Shopfleet mailbox',
    `<form class="bar" method="get" action="/"><input type="search" name="to" value="${escapeHtml(to)}" placeholder="Recipient, whole address" aria-label="Recipient"><button>Filter</button><button type="button" class="danger" data-delete-all>Delete all</button></form>
<div data-refresh>
<p class="note">${String(mails.length)} of ${String(total)} mails shown</p>
<table><thead><tr><th>Subject</th><th>To</th><th>Received (UTC)</th></tr></thead><tbody>
${rows}
</tbody></table>
</div>`,
  );
};

export const mailPage = (mail: StoredMail): string => {
  const attachments = mail.attachments
    .map((attachment) => `<li>${escapeHtml(attachment.name)} (${escapeHtml(attachment.type)}, ${String(attachment.size)} bytes)</li>`)
    .join('');
  const html =
    mail.html === ''
      ? ''
      : `<h2>HTML</h2><iframe title="HTML of the mail" sandbox="allow-popups allow-popups-to-escape-sandbox" src="/messages/${encodeURIComponent(mail.id)}/html"></iframe>`;
  return page(
    mail.subject === '' ? 'Mail' : mail.subject,
    `<h1>${escapeHtml(mail.subject) || '(no subject)'}</h1>
<dl><dt>From</dt><dd>${escapeHtml(mail.from)}</dd><dt>To</dt><dd>${escapeHtml(mail.to.join(', '))}</dd><dt>Received</dt><dd>${time(mail.receivedAt)} UTC</dd><dt>Message-ID</dt><dd>${escapeHtml(mail.messageId)}</dd></dl>
<h2>Text</h2><pre>${linkify(mail.text)}</pre>
${html}
${attachments === '' ? '' : `<h2>Attachments</h2><ul>${attachments}</ul>`}
<details><summary>Headers</summary><pre>${mail.headers.map((header) => `${escapeHtml(header.name)}: ${escapeHtml(header.value)}`).join('\n')}</pre></details>`,
  );
};

export const missingPage = (): string =>
  page('No such mail', '<h1>No such mail</h1><p>It was deleted, or newer mails have pushed it out. <a href="/">Back to the list</a></p>');

export const stylesheet = `:root{color-scheme:light dark;--line:#8884;--soft:#8881;--accent:#2563eb}
*{box-sizing:border-box}body{margin:0;font:16px/1.5 system-ui,sans-serif}
header{display:flex;flex-wrap:wrap;gap:.25rem 1rem;align-items:baseline;padding:1rem 1.5rem;border-bottom:1px solid var(--line)}
.brand{font-weight:700;color:inherit;text-decoration:none}.note{opacity:.7;font-size:.9rem}
main{max-width:64rem;margin:0 auto;padding:1.5rem}a{color:var(--accent)}
table{width:100%;border-collapse:collapse}th,td{text-align:left;padding:.6rem .5rem;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
tbody tr:hover{background:var(--soft)}.empty{padding:2rem .5rem;opacity:.7}td:last-child{white-space:nowrap;font-variant-numeric:tabular-nums}
.bar{display:flex;gap:.5rem}input{flex:1;min-width:0}input,button{font:inherit;padding:.4rem .8rem;border:1px solid var(--line);border-radius:.4rem;background:transparent;color:inherit}
button{cursor:pointer}.danger{color:#dc2626}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--soft);padding:1rem;border-radius:.5rem}
iframe{width:100%;height:36rem;border:1px solid var(--line);border-radius:.5rem;background:#fff}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dt{opacity:.7}dd{margin:0;overflow-wrap:anywhere}
`;

export const script = `'use strict';
const area = document.querySelector('[data-refresh]');
if (area) {
  setInterval(async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('[data-refresh]');
      if (fresh && fresh.innerHTML !== area.innerHTML) area.replaceChildren(...fresh.childNodes);
    } catch { /* the mailbox is restarting; the next turn asks again */ }
  }, 3000);
}
document.querySelector('[data-delete-all]')?.addEventListener('click', async () => {
  if (!confirm('Delete every mail?')) return;
  await fetch('/api/messages', { method: 'DELETE' });
  location.assign('/');
});
`;
