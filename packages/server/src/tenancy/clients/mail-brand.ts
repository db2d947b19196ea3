import type { MailBrand } from '../../platform/mail/index.ts';
import type { ClientSettings } from './client-settings.ts';

/** How a mail of a client looks: as the client says, else as the installation does. */
export function mailBrandOf(
  settings: ClientSettings | undefined,
  brand: { name: string; color: string | undefined },
): MailBrand {
  const own = settings?.auth_ui;
  const accent = own?.primary_color ?? brand.color;
  return { name: own?.brand_name ?? brand.name, ...(accent && { accent }) };
}
