import { endChild, messageOf, startChild } from './measuring-child.ts';
import type { DatabaseName } from './world.ts';

/** How fast events go through one stage of the audit log. */
export interface AuditFigure {
  name: string;
  database: DatabaseName;
  /** Events a second. */
  perSecond: number;
  processorMicroseconds: number;
  /** In terms of reading and hashing every line of the export, and nothing else. */
  ofLimit: number;
}

/** Sends this many events through every stage of the audit log. */
export async function measureAudit(events: number): Promise<AuditFigure[]> {
  process.stderr.write(`audit log: ${events} events\n`);
  const child = startChild('audit-process.ts', [String(events)]);
  const figures = (await messageOf(child)) as AuditFigure[];
  await endChild(child);
  return figures;
}
