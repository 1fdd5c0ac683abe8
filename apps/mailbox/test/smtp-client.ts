import { once } from 'node:events';
import { connect } from 'node:net';

export interface Mail {
  readonly to: string;
  readonly subject?: string;
  readonly text?: string;
  readonly html?: string;
}

/** Sends one mail as a mail client would, and gives the last line of each of the server's answers. */
export async function converse(port: number, mail: Mail): Promise<string[]> {
  const socket = connect(port, '127.0.0.1');
  const answers: string[] = [];
  let rest = '';
  const answered = async (): Promise<string> => {
    for (;;) {
      const line = /^\d{3} .*\r\n/mu.exec(rest);
      if (line !== null) {
        rest = rest.slice(line.index + line[0].length);
        answers.push(line[0].trim());
        return line[0];
      }
      rest += String((await once(socket, 'data'))[0]);
    }
  };
  try {
    await answered();
    for (const command of ['EHLO test', 'MAIL FROM:<shop@example.com>', `RCPT TO:<${mail.to}>`, 'DATA']) {
      socket.write(`${command}\r\n`);
      await answered();
    }
    socket.write(`${messageOf(mail)}\r\n.\r\n`);
    await answered();
    return answers;
  } finally {
    socket.destroy();
  }
}

function messageOf({ to, subject = 'Hello', text = 'Hi', html }: Mail): string {
  const encoded = `=?UTF-8?B?${Buffer.from(subject).toString('base64')}?=`;
  const head = ['From: shop@example.com', `To: ${to}`, `Subject: ${encoded}`, 'Message-ID: <test@example.com>', 'MIME-Version: 1.0'];
  const part = (type: string, body: string): string => `Content-Type: text/${type}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${body}`;
  if (html === undefined) return [...head, part('plain', text)].join('\r\n');
  return [...head, 'Content-Type: multipart/alternative; boundary=b', '', '--b', part('plain', text), '--b', part('html', html), '--b--'].join('\r\n');
}
