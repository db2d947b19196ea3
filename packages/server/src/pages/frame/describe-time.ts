const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000_000],
  ['month', 2_592_000_000],
  ['week', 604_800_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

/** "3 May 2026"; in UTC, because the server does not know where the reader is. */
export function describeDate(at: number, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' }).format(at);
}

/** "2 days ago", in the largest unit that fits. */
export function describeAgo(at: number, now: number, language: string): string {
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const elapsed = Math.max(0, now - at);
  const step = STEPS.find(([, length]) => elapsed >= length);
  return step ? format.format(-Math.floor(elapsed / step[1]), step[0]) : format.format(0, 'minute');
}
