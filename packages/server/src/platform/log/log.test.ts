import { describe, expect, it } from 'vitest';
import { createLog, type LogOptions } from './index.ts';

const CANARY = 'canary-5Yt2';

function capture(options: Partial<LogOptions> = {}) {
  const lines: string[] = [];
  const destination = { write: (line: string) => lines.push(line) };
  return { lines, log: createLog({ level: 'info', format: 'json', destination, ...options }) };
}

describe('the log', () => {
  it('writes one JSON record with service, event, level and allowed fields', () => {
    const { lines, log } = capture();
    log.info('http.request.completed', { request_id: 'r1', status: 200, duration_ms: 1.5 });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'info',
      service: 'gatehouse',
      event: 'http.request.completed',
      request_id: 'r1',
      status: 200,
      duration_ms: 1.5,
    });
  });

  it('leaves out events below its level, and everything when silent', () => {
    const quiet = capture({ level: 'warn' });
    quiet.log.info('a');
    quiet.log.warn('b');
    expect(quiet.lines).toHaveLength(1);
    const silent = capture({ format: 'silent' });
    silent.log.error('a');
    expect(silent.lines).toEqual([]);
  });

  it('adds the fields of a child to each of its events', () => {
    const { lines, log } = capture();
    log.child({ request_id: 'r1', password: CANARY }).child({ client_id: 'c1' }).warn('x', { user_id: 'u1' });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ request_id: 'r1', client_id: 'c1', user_id: 'u1' });
    expect(lines[0]).not.toContain(CANARY);
  });

  //
  it.each(['json', 'pretty'] as const)('drops every field that is not on the list (%s)', (format) => {
    const { lines, log } = capture({ format });
    const headers = { authorization: CANARY };
    log.error('x', {
      password: CANARY,
      token: CANARY,
      code: CANARY,
      body: { a: CANARY },
      reason: headers,
      route: [CANARY],
      status: 1,
    });
    expect(lines.join('')).toContain('status');
    expect(lines.join('')).not.toContain(CANARY);
  });

  // T-095
  it('reduces an error to name, code, message and stack', () => {
    const { lines, log } = capture();
    const error = Object.assign(new TypeError('boom'), {
      code: 'E_X',
      config: { password: CANARY },
      cause: new Error(CANARY),
    });
    log.error('x', { error });
    const record = JSON.parse(lines[0] ?? '') as { error: Record<string, unknown> };
    expect(Object.keys(record.error)).toEqual(['name', 'code', 'message', 'stack']);
    expect(record.error).toMatchObject({ name: 'TypeError', code: 'E_X', message: 'boom' });
    expect(lines[0]).not.toContain(CANARY);
  });

  it('accepts whatever was thrown', () => {
    const { lines, log } = capture();
    for (const error of [null, undefined, 'text', 7, { secret: CANARY }, Symbol('s')]) log.error('x', { error });
    expect(lines).toHaveLength(6);
    expect(lines.join('')).not.toContain(CANARY);
  });

  it('cuts long texts', () => {
    const { lines, log } = capture();
    log.info('x', { user_agent: 'a'.repeat(10_000) });
    expect((JSON.parse(lines[0] ?? '') as { user_agent: string }).user_agent).toHaveLength(501);
  });

  //
  it.each(['json', 'pretty'] as const)('keeps an event one record whatever its fields hold (%s)', (format) => {
    const { lines, log } = capture({ format });
    log.info('x\nforged', { email: 'a\r\nb\u2028c', user_agent: '\u001b[2J","level":"error', name: '\u202e\u0007' });
    const text = lines.join('');
    expect(text.trimEnd().split(/[\r\n]/)).toHaveLength(1);
    expect(text).not.toContain('\u001b');
    if (format === 'json')
      expect(JSON.parse(text)).toMatchObject({ level: 'info', user_agent: '\u001b[2J","level":"error' });
    else expect(text.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u);
  });

  it('is calm on a terminal: time, sign, event, fields', () => {
    const { lines, log } = capture({ format: 'pretty' });
    log.info('server.listening', { issuer: 'http://localhost:7777', reason: 'two words' });
    expect(lines[0]).toMatch(
      /^\d\d:\d\d:\d\d · server\.listening {2}issuer=http:\/\/localhost:7777 {2}reason="two words"\n$/,
    );
  });

  it('indents every line of an error on a terminal', () => {
    const { lines, log } = capture({ format: 'pretty' });
    log.error('x', { error: new Error('a\n12:00:00 · forged') });
    expect(
      (lines[0] ?? '')
        .trimEnd()
        .split('\n')
        .slice(1)
        .every((line) => line.startsWith('    ')),
    ).toBe(true);
  });
});
