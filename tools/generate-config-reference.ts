// Writes docs/configuration.md from the table of settings.
import { writeFileSync } from 'node:fs';
import { describeSettings } from '../packages/server/src/config/index.ts';

writeFileSync(new URL('../docs/configuration.md', import.meta.url), describeSettings());
