import type { Locale } from './locale.ts';
import { oneLine, type Block, type MailContent, type Row } from './mail-content.ts';

export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const farewell: Readonly<Record<Locale, string>> = {
  en: 'Shopfleet. This mail was sent automatically; answers to it are not read.',
  de: 'Shopfleet. Diese Nachricht wurde automatisch versandt; Antworten darauf werden nicht gelesen.',
};

/** Text and HTML of a mail. Everything that is not written in this file is escaped. */
export function renderMail(content: MailContent, locale: Locale): RenderedMail {
  return { subject: oneLine(content.subject), text: textOf(content, locale), html: htmlOf(content, locale) };
}

function textOf({ greeting, blocks }: MailContent, locale: Locale): string {
  return [oneLine(greeting), ...blocks.map(textBlock), `-- \n${farewell[locale]}`].join('\n\n');
}

function textBlock(block: Block): string {
  switch (block.type) {
    case 'paragraph':
      return oneLine(block.text);
    case 'action':
      return `${oneLine(block.label)}:\n${block.url}`;
    case 'code':
      return `${oneLine(block.label)}\n${oneLine(block.text)}`;
    case 'lines':
      return [...block.rows, ...block.totals].map((row) => `${oneLine(row.label)}: ${oneLine(row.value)}`).join('\n');
  }
}

function htmlOf({ subject, greeting, blocks }: MailContent, locale: Locale): string {
  return `<!doctype html>
<html lang="${locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escape(subject)}</title></head>
<body style="margin:0;background:#f4f4f5;font-family:system-ui,-apple-system,sans-serif;color:#18181b;line-height:1.5">
<div style="max-width:36rem;margin:0 auto;padding:24px">
<p style="font-weight:700;margin:0 0 16px">Shopfleet</p>
<div style="background:#fff;border-radius:8px;padding:24px">
<p style="margin-top:0">${escape(greeting)}</p>
${blocks.map(htmlBlock).join('\n')}
</div>
<p style="font-size:13px;color:#71717a">${escape(farewell[locale])}</p>
</div></body></html>
`;
}

function htmlBlock(block: Block): string {
  switch (block.type) {
    case 'paragraph':
      return `<p>${escape(block.text)}</p>`;
    case 'action':
      return `<p><a href="${escape(block.url)}" style="display:inline-block;background:#2563eb;color:#fff;padding:10px 18px;border-radius:6px;text-decoration:none">${escape(block.label)}</a></p>`;
    case 'code':
      return `<p>${escape(block.label)}<br><code style="overflow-wrap:anywhere">${escape(block.text)}</code></p>`;
    case 'lines':
      return `<table style="width:100%;border-collapse:collapse">${block.rows.map((row) => htmlRow(row, '1px solid #e4e4e7')).join('')}${block.totals.map((row) => htmlRow(row, '0')).join('')}</table>`;
  }
}

function htmlRow({ label, value, emphasis = false }: Row, border: string): string {
  const style = `padding:6px 0;border-bottom:${border}${emphasis ? ';font-weight:700' : ''}`;
  return `<tr><td style="${style}">${escape(label)}</td><td style="${style};text-align:right;white-space:nowrap">${escape(value)}</td></tr>`;
}

function escape(text: string): string {
  return oneLine(text).replace(/[&<>"']/gu, (character) => `&#${character.charCodeAt(0)};`);
}
