import { countLines } from './sources.mjs';

const limits = { lines: 1500, files: 15 };
const room = /^(packages\/server\/src\/(?:platform|tenancy|identity|access|federation|operations|pages)\/[^/]+)\//;

/** Rooms (folders directly below a floor) with too many lines or files; tests and migrations do not count. */
export function roomOffences(sources) {
  const rooms = new Map();
  for (const { path, text, isTest, isTimeless } of sources) {
    const name = room.exec(path)?.[1];
    if (!name || isTest || isTimeless) continue;
    const { lines, files } = rooms.get(name) ?? { lines: 0, files: 0 };
    rooms.set(name, { lines: lines + countLines(text), files: files + 1 });
  }
  return [...rooms].flatMap(([name, { lines, files }]) => [
    ...(lines > limits.lines ? [`${name}: ${lines} lines in this room; the limit is ${limits.lines}`] : []),
    ...(files > limits.files ? [`${name}: ${files} source files in this room; the limit is ${limits.files}`] : []),
  ]);
}
