import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const skippedFolders = new Set(['node_modules', 'dist', 'coverage', 'generated', 'assets']);
const limits = { source: 300, test: 500 };

/** Every source file below `root`, as { path, text, isTest, isTimeless }; timeless ones (migrations) only grow. */
export function readSources(root) {
  return walk(root, '').map((path) => ({
    path,
    text: readFileSync(join(root, path), 'utf8'),
    isTest: /\.test\.[a-z]+$/.test(path),
    isTimeless: /(^|\/)migrations\//.test(path),
  }));
}

/** Files beyond their limit of lines. */
export function fileOffences({ path, text, isTest, isTimeless }) {
  const limit = isTest ? limits.test : limits.source;
  const lines = countLines(text);
  return isTimeless || lines <= limit ? [] : [`${path}: ${lines} lines; the limit is ${limit}`];
}

/** How many lines an editor would show. */
export function countLines(text) {
  return text === '' ? 0 : text.replace(/\n$/, '').split('\n').length;
}

function walk(root, folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    if (entry.isDirectory()) {
      return entry.name.startsWith('.') || skippedFolders.has(entry.name) ? [] : walk(root, path);
    }
    return /\.(ts|tsx|mts|cts|js|jsx|mjs|cjs)$/.test(entry.name) ? [path] : [];
  });
}
