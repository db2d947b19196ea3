import { type Database, settingsThatLose } from '../../platform/database/index.ts';
import type { Finding } from './finding.ts';

const check = 'durability';

/** Whether what the server has answered outlives a power cut of the database (R-010). */
export async function checkDurability(database: Database): Promise<Finding> {
  const off = await settingsThatLose(database);
  if (off.length === 0) return { check, status: 'ok', message: 'every answer is on disk before it is given' };
  const message = `Postgres runs with ${off.join(', ')} off: a crash of it forgets what was answered`;
  return {
    check,
    status: 'warn',
    message,
    fix: `Set ${off.map((name) => `${name} = on`).join(', ')} in postgresql.conf.`,
  };
}
