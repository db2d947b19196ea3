const SIGNS: Readonly<Record<string, string>> = { error: '✗', warn: '!', info: '·', debug: ' ' };
const HIDDEN = new Set(['level', 'time', 'service', 'event', 'error']);

/** Turns a record of the log into one calm line for a terminal. A fault adds its stack, indented below. */
export function prettyLine(json: string): string {
  const record = JSON.parse(json) as Record<string, unknown>;
  const time = new Date(Number(record.time)).toISOString().slice(11, 19);
  const fields = Object.entries(record).filter(([name]) => !HIDDEN.has(name));
  const words = fields.map(([name, value]) => `${name}=${typeof value === 'string' ? bare(value) : String(value)}`);
  const head = `${time} ${SIGNS[String(record.level)] ?? '·'} ${bare(String(record.event))}`;
  return `${[head, ...words].join('  ')}${errorLines(record.error)}\n`;
}

function errorLines(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const { name, message, stack } = error as Record<string, unknown>;
  const text = typeof stack === 'string' ? stack : `${name}: ${message}`;
  // Every line is indented, so that no text inside an error can pass for a record of its own.
  return `\n${text
    .split(/\r\n|[\r\n\u2028\u2029]/)
    .map((line) => `    ${printable(line)}`)
    .join('\n')}`;
}

function bare(value: string): string {
  return /^[\w.@:/+-]+$/.test(value) ? value : printable(JSON.stringify(value));
}

/** Escapes what a terminal would act on: controls, ANSI sequences, direction marks. */
function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (sign) => `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}
