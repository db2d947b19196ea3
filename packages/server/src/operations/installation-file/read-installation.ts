import type { Reader } from '../../platform/database/index.ts';
import { type ClientRecord, listRecords } from '../../tenancy/clients/index.ts';
import { type BootValues, readSet } from '../../tenancy/system-config/index.ts';
import type { Installation, WholeEntry } from './document.ts';

const PAGE = 500;

function entryOf(client: ClientRecord): WholeEntry {
  return {
    id: client.id,
    slug: client.slug,
    name: client.name,
    status: client.status,
    token_mode: client.tokenMode,
    allowed_origins: client.allowedOrigins.toSorted(),
    webhook_url: client.webhookUrl,
    settings: client.settings,
  };
}

/** What the installation is now. */
export async function readInstallation(on: Reader, boot: BootValues): Promise<Installation> {
  const clients: WholeEntry[] = [];
  let page: ClientRecord[] = [];
  do {
    page = await listRecords(on, { limit: PAGE, after: page.at(-1)?.id ?? null });
    clients.push(...page.map(entryOf));
  } while (page.length === PAGE);
  return { config: await readSet(on, boot), clients };
}
