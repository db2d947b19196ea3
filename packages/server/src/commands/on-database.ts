import type { Command } from 'commander';

/** The action of a command whose one argument is the database: hands over its options, those of all commands and the file. */
export function onDatabase<O extends { file?: string | undefined }>(work: (options: O) => Promise<unknown>) {
  return async (file: string | undefined, _own: unknown, command: Command): Promise<void> => {
    await work({ ...command.optsWithGlobals<O>(), file });
  };
}
