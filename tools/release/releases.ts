/** One entry of releases.json: where in the history a released version is. */
export interface Release {
  version: string;
  /** A day, ISO 8601. */
  date: string;
  commit: string;
}

const VERSION = /^(\d+)\.(\d+)\.(\d+)$/;

function partsOf(version: string): number[] {
  const match = VERSION.exec(version);
  if (!match) throw new Error(`Say which version, as in 0.2.0; "${version}" is none.`);
  return match.slice(1).map(Number);
}

function isAfter(version: string, other: string): boolean {
  const [ours, theirs] = [partsOf(version), partsOf(other)];
  const differing = ours.findIndex((part, i) => part !== theirs[i]);
  return differing !== -1 && (ours[differing] ?? 0) > (theirs[differing] ?? 0);
}

/** Throws, with a sentence, unless `version` comes after all that were released. */
export function checkVersion(version: string, releases: readonly Release[]): void {
  partsOf(version);
  const later = releases.find((release) => !isAfter(version, release.version));
  if (later) throw new Error(`${later.version} was released on ${later.date}; ${version} does not come after it.`);
}
