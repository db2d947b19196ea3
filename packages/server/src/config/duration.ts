const SECONDS_PER_UNIT: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Reads `10s`, `15m`, `168h`, `7d` or `0` as seconds; null when it is nothing of the kind. */
export function parseDuration(text: string): number | null {
  if (text === '0') return 0;
  const match = /^(\d{1,9})([smhd])$/.exec(text);
  const unit = SECONDS_PER_UNIT[match?.[2] ?? ''];
  return match?.[1] === undefined || unit === undefined ? null : Number(match[1]) * unit;
}

/** Writes seconds in the largest unit that stays whole: 604800 is `7d`. */
export function formatDuration(seconds: number): string {
  const unit = ['d', 'h', 'm'].find((name) => seconds > 0 && seconds % (SECONDS_PER_UNIT[name] ?? 1) === 0);
  return unit === undefined ? `${seconds}s` : `${seconds / (SECONDS_PER_UNIT[unit] ?? 1)}${unit}`;
}
