import type { Config } from '../../config/index.ts';
import { migrations } from '../../migrations/index.ts';
import { type Database, NewerDatabase, pendingMigrations } from '../../platform/database/index.ts';
import { nameOfDatabase } from '../work-on-database.ts';
import { type Finding, messageOf, timed } from './finding.ts';

/** Whether the database can be written to and has exactly the schema of this version. */
export async function checkSchema(config: Config, database: Database): Promise<Finding> {
  const check = 'database';
  try {
    const missing = await pendingMigrations(database, migrations);
    if (missing.length > 0) {
      const message = `the schema lacks ${missing.join(', ')}`;
      const fix = missing.length === migrations.length ? 'Run: gatehouse init' : 'Run: gatehouse migrate';
      return { check, status: 'problem', message, fix };
    }
    const { durationMs } = await timed(() => database.write(async () => undefined));
    const message = `${nameOfDatabase(config)} is open, its schema is current, a transaction takes ${durationMs} ms`;
    return { check, status: 'ok', message };
  } catch (error) {
    const newer = 'Start the newer version of Gatehouse that wrote it, or restore a backup from before.';
    const fix = error instanceof NewerDatabase ? newer : 'Check that this user may read and write the database.';
    return { check, status: 'problem', message: messageOf(error), fix };
  }
}
