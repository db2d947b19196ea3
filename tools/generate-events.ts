// Writes docs/events.md from the names of events in the protocol.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { eventNames } from '../packages/protocol/src/index.ts';

const introduction = `# Events

Every act of authentication and administration writes one event into the [audit log](audit-log.md), in the same transaction as the
act. These are their names (\`event_type\`), as filters of the audit log, of webhooks and of log streams take them. New names may appear.

<!-- Generated from packages/protocol/src/event-names.ts by \`npm run generate\`. -->
`;

/** Renders docs/events.md. */
export function describeEvents(): string {
  const rows = Object.entries(eventNames).map(([name, sentence]) => `| \`${name}\` | ${sentence} |`);
  return `${introduction}\n| event | what happened |\n|---|---|\n${rows.join('\n')}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL('../docs/events.md', import.meta.url), describeEvents());
}
