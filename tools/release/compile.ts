import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** What to compile, and into which folder. */
export interface Compilation {
  /** The folder of the sources. */
  source: string;
  /** The doors of the package, from `source`. */
  entries: readonly string[];
  into: string;
  /** Only the types: the code is made by a bundler. */
  typesOnly?: boolean;
  /** Whose options are those of the package. */
  tsconfig: string;
}

/** The types name the sources they were made of, with `.ts`; a reader of the package has only `.js`. */
function namingBuiltFiles(types: string): string {
  return types.replace(/((?:from |import\(|import )['"]\.{1,2}\/[^'"]+)\.ts(['"])/g, '$1.js$2');
}

function optionsOf({ tsconfig, source, into, typesOnly = false }: Compilation): ts.CompilerOptions {
  const { config, error } = ts.readConfigFile(tsconfig, ts.sys.readFile);
  if (error) throw new Error(String(error.messageText));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, dirname(tsconfig));
  return {
    ...options,
    target: ts.ScriptTarget.ES2022,
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: typesOnly,
    rootDir: source,
    outDir: into,
  };
}

/** Compiles a package with everything its doors reach. That the types are right is looked at by `npm run check`. Throws what keeps it from writing. */
export function compile(compilation: Compilation): void {
  const roots = compilation.entries.map((entry) => join(compilation.source, entry));
  const program = ts.createProgram(roots, optionsOf(compilation));
  const { diagnostics } = program.emit(undefined, (path, text) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, path.endsWith('.d.ts') ? namingBuiltFiles(text) : text);
  });
  const [mistake] = diagnostics;
  if (mistake) throw new Error(ts.flattenDiagnosticMessageText(mistake.messageText, '\n'));
}
