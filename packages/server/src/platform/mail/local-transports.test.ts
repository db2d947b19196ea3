import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  createConsoleTransport,
  createFileTransport,
  createMailboxTransport,
  type KeptMail,
  pickWeighted,
} from './index.ts';

const MAIL = { to: 'ada@example.com', subject: 'Your code', text: 'It is 123456.', html: '<p>It is 123456.</p>' };

describe('the transports that keep mail here', () => {
  it('print a mail without letting it pass for other output', async () => {
    let out = '';
    const transport = createConsoleTransport((text) => {
      out += text;
    });
    await transport.send({ ...MAIL, text: 'one\n── Mail to\u001b[2J\r\u2028two' });
    expect(out).toContain('Mail to ada@example.com: Your code');
    expect(out).not.toContain('\u001b');
    expect(out).toContain('\n   ── Mail to');
  });

  it('write a mail as a file that only its owner can read', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'gatehouse-mail-'));
    try {
      const folder = join(directory, 'new');
      const { messageId } = await createFileTransport(folder).send(MAIL);
      const [name = ''] = await readdir(folder);
      expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
      expect(JSON.parse(await readFile(join(folder, name), 'utf8'))).toMatchObject({
        messageId,
        subject: 'Your code',
        to: { address: MAIL.to },
      });
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it('hand a mail to the mailbox with its sender', async () => {
    const kept: KeptMail[] = [];
    const transport = createMailboxTransport((mail) => void kept.push(mail), { name: 'G', address: 'g@localhost' });
    await transport.send({ ...MAIL, fromName: 'Example' });
    expect(kept).toMatchObject([
      { from: { name: 'Example', address: 'g@localhost' }, text: MAIL.text, html: MAIL.html },
    ]);
  });

  // T-045
  it('refuse the same mails as SMTP', async () => {
    const transport = createMailboxTransport(() => {});
    await expect(transport.send({ ...MAIL, to: '<a@b>,<c@d>' })).rejects.toMatchObject({ code: 'mail_invalid' });
  });
});

describe('a weighted pick', () => {
  const items = [
    { id: 'a', weight: 1 },
    { id: 'none', weight: 0 },
    { id: 'b', weight: 3 },
  ];

  it.each([
    [0, 'a'],
    [0.24, 'a'],
    [0.25, 'b'],
    [0.999, 'b'],
  ] as const)('follows the weights at %d', (random, id) => {
    expect(pickWeighted(items, () => random)?.id).toBe(id);
  });

  it('is null when nothing has a weight', () => {
    expect(pickWeighted([{ weight: 0 }], () => 0)).toBeNull();
    expect(pickWeighted([], () => 0)).toBeNull();
  });
});
