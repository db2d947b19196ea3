import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import { checkDocument } from '../../platform/json/index.ts';
import { ADMINISTRATORS_CLIENT, checkSettings } from '../../tenancy/clients/index.ts';
import { InstallationDocument } from './document.ts';

/** One mistake in a file. */
export interface FileProblem {
  line: number;
  field: string;
  problem: string;
}

/** The line a field is on; that of what holds it when it is not there. */
function lineOf(document: Document, lines: LineCounter, field: string): number {
  const path = field === '' ? [] : field.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

function clientProblems({ clients = [] }: InstallationDocument): Omit<FileProblem, 'line'>[] {
  const seen = new Set<string>();
  return clients.flatMap(({ id, slug, settings }, at) => {
    const own = checkSettings(settings ?? {}).map(({ field, problem }) => ({
      field: `clients.${at}.${field}`,
      problem,
    }));
    for (const [name, value] of Object.entries({ id, slug })) {
      if (value === undefined) continue;
      if (value === ADMINISTRATORS_CLIENT) own.push({ field: `clients.${at}.${name}`, problem: 'is no client' });
      if (seen.has(`${name} ${value}`)) own.push({ field: `clients.${at}.${name}`, problem: 'is there twice' });
      seen.add(`${name} ${value}`);
    }
    return own;
  });
}

/** The value of a document; null when its aliases would make it grow without end. */
function resolve(document: Document): InstallationDocument | null {
  try {
    return document.toJS() as InstallationDocument;
  } catch {
    return null;
  }
}

/** Reads a file, or says everything that is wrong with it. */
export function readDocument(source: string): { document: InstallationDocument } | { problems: FileProblem[] } {
  const lines = new LineCounter();
  const parsed = parseDocument(source, { uniqueKeys: true, lineCounter: lines });
  const [error] = parsed.errors;
  // What the line holds is not repeated: somebody may have put a secret there.
  if (error) return { problems: [{ line: error.linePos?.[0].line ?? 1, field: '', problem: 'is not valid YAML' }] };
  const value = resolve(parsed);
  if (value === null) return { problems: [{ line: 1, field: '', problem: 'has more aliases than are read' }] };
  const wrong = checkDocument(InstallationDocument, value);
  const problems = wrong.length > 0 ? wrong : clientProblems(value);
  if (problems.length === 0) return { document: value };
  return { problems: problems.map((one) => ({ line: lineOf(parsed, lines, one.field), ...one })) };
}
