import { existsSync } from 'node:fs';
import { type Config, ConfigError } from '../../config/index.ts';
import { type Database, openDatabase } from '../../platform/database/index.ts';
import { describeProblem, withoutSecrets } from '../describe-failure.ts';
import { readConfig, sqliteFileOf, type WorkOptions } from '../work-on-database.ts';
import { checkClock } from './check-clock.ts';
import { checkDisk } from './check-disk.ts';
import { checkDurability } from './check-durability.ts';
import { checkKeys } from './check-keys.ts';
import { checkHashing, checkNode } from './check-machine.ts';
import { checkMail } from './check-mail.ts';
import { checkIssuer, checkPort } from './check-network.ts';
import { checkSchema } from './check-schema.ts';
import { type Finding, messageOf } from './finding.ts';

/** Checks everything and prints what was found; resolves with 1 when there is a problem. Changes nothing. */
export async function runDoctor(options: WorkOptions & { json?: boolean }): Promise<number> {
  const findings = await examine(options);
  const isWell = findings.every((finding) => finding.status !== 'problem');
  const text = options.json ? JSON.stringify({ ok: isWell, checks: findings }, null, 2) : render(findings);
  process.stdout.write(`${withoutSecrets(text)}\n`);
  return isWell ? 0 : 1;
}

async function examine(options: WorkOptions): Promise<Finding[]> {
  const machine = [checkNode(process.versions.node), await checkHashing()];
  const { config, findings } = readConfiguration(options);
  if (config === null) return [...findings, ...machine];
  const here = [checkIssuer(config), await checkPort(config.server), checkDisk(config)];
  return [...findings, ...machine, ...(await examineDatabase(config)), ...here];
}

function readConfiguration(options: WorkOptions): { config: Config | null; findings: Finding[] } {
  const check = 'configuration';
  try {
    const config = readConfig(options);
    const warnings = config.warnings.map((message): Finding => ({ check, status: 'warn', message }));
    return { config, findings: warnings.length > 0 ? warnings : [{ check, status: 'ok', message: 'no mistakes' }] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const fix = 'Correct it and run the doctor again: the other checks wait for it.';
    const findings = error.problems.map(
      (problem): Finding => ({ check, status: 'problem', message: describeProblem(problem), fix }),
    );
    return { config: null, findings };
  }
}

async function examineDatabase(config: Config): Promise<Finding[]> {
  const file = sqliteFileOf(config);
  if (file !== null && !existsSync(file)) {
    const message = `there is no database ${file}`;
    return [{ check: 'database', status: 'problem', message, fix: 'Run: gatehouse init' }];
  }
  let database: Database | null = null;
  try {
    database = await openDatabase(config.database);
    const schema = await checkSchema(config, database);
    // Without the tables of this version the other checks would only report the same in worse words.
    if (schema.status === 'problem') return [schema];
    const keys = await checkKeys(config, database);
    const durability = await checkDurability(database);
    return [schema, durability, ...keys, await checkClock(database), ...(await checkMail(config, database))];
  } catch (error) {
    const fix = 'Check the path or URL, that the database runs, and that this user may write to it.';
    return [{ check: 'database', status: 'problem', message: messageOf(error), fix }];
  } finally {
    await database?.close();
  }
}

function render(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map((finding) => finding.check.length));
  return findings
    .map(({ check, status, message, fix }) => {
      const line = `${status.padEnd(9)}${check.padEnd(width + 2)}${message}`;
      return fix === undefined || status === 'ok' ? line : `${line}\n${' '.repeat(width + 11)}${fix}`;
    })
    .join('\n');
}
