import { Type } from 'typebox';
import { NullableText } from './shapes.ts';

const Pages = { sign_in: { type: 'string' }, account: { type: 'string' } };

/** What a front end needs to look like its client. */
export const UiConfig = Type.Object(
  {
    client_id: Type.String(),
    brand_name: Type.String(),
    logo_url: NullableText,
    primary_color: NullableText,
    accent: Type.Object(
      { on_light: Type.String(), on_dark: Type.String() },
      { description: 'The colour, corrected until it can be read on a light and on a dark ground.' },
    ),
    locale: NullableText,
    locales: Type.Array(Type.String(), { description: 'Languages that pages and mails speak.' }),
    redirect_url: NullableText,
    login_methods: Type.Array(Type.String()),
    oauth_providers: Type.Array(Type.String()),
    pages: Type.Unsafe<{ sign_in: string; account: string } | null>({
      type: ['object', 'null'],
      properties: Pages,
      description: 'The hosted pages; null when they are switched off.',
    }),
  },
  { title: 'UiConfig' },
);
