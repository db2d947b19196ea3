import { readFileSync } from 'node:fs';
import type { Config } from './config.ts';
import { type ConfigInput, loadConfig } from './load-config.ts';

/** Loads the configuration of this process: its environment, its files, and what the command line gave. */
export function readProcessConfig(commandLine: Pick<ConfigInput, 'overrides' | 'configFile'> = {}): Config {
  return loadConfig({
    ...commandLine,
    env: process.env,
    readFile: readIfPresent,
    isTerminal: process.stdout.isTTY === true,
  });
}

function readIfPresent(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** The password for `gatehouse smtp`, given by environment so that it stands in no process list. */
export function readSmtpPassword(): string | undefined {
  return process.env.SMTP_PASSWORD || undefined;
}
