/**
 * The command `gatehouse`: what an operator does with a server and its database from a shell.
 *
 * Promises that a mistake is answered with one short sentence and a hint (`--verbose` adds cause and stack), that what is asked for
 * and not there exits 1, and that no output holds a secret. The server itself is loaded only by the command that needs it.
 */
import { CommanderError } from 'commander';
import { buildProgram } from './build-program.ts';
import { describeFailure, withoutSecrets } from './describe-failure.ts';

/** Runs one command and resolves with the exit code. */
export async function runCommand(words: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = buildProgram((code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...words], { from: 'user' });
    return exitCode;
  } catch (error) {
    // Already printed: help, version, or what is wrong with the words.
    if (error instanceof CommanderError) return error.exitCode;
    const text = await describeFailure(error, program.opts<{ verbose?: boolean }>().verbose === true);
    process.stderr.write(`${withoutSecrets(text)}\n`);
    return 1;
  }
}
