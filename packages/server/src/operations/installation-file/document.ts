import { OneOf, SystemConfig } from '@gatehouse/protocol';
import { type Static, type TObject, type TSchema, Type } from 'typebox';

/** Every setting and every group may be left out: the environment fills them. */
function partial(shape: TObject): TSchema {
  const groups = Object.entries(shape.properties).map(([name, group]): [string, TSchema] => {
    const members = Object.entries((group as TObject).properties).map(([key, one]) => [key, Type.Optional(one)]);
    return [name, Type.Optional(Type.Object(Object.fromEntries(members), { additionalProperties: false }))];
  });
  return Type.Object(Object.fromEntries(groups), { additionalProperties: false });
}

const ClientEntry = Type.Object(
  {
    id: Type.Optional(Type.String({ pattern: '^(default|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$' })),
    slug: Type.String({ pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$' }),
    name: Type.String({ pattern: '^(?=.*\\S)[^\\u0000-\\u001f\\u007f]+$', maxLength: 120 }),
    status: Type.Optional(OneOf('active', 'disabled')),
    token_mode: Type.Optional(OneOf('v2_jwks', 'v1_hs256')),
    allowed_origins: Type.Optional(Type.Array(Type.String({ maxLength: 300 }), { maxItems: 100 })),
    webhook_url: Type.Optional(
      Type.Unsafe<string | null>({ type: ['string', 'null'], pattern: '^https?://', maxLength: 2000 }),
    ),
    settings: Type.Optional(Type.Unsafe<Record<string, unknown>>({ type: 'object' })),
  },
  { additionalProperties: false },
);

/** The file. */
export const InstallationDocument = Type.Object(
  {
    version: Type.Literal(1),
    config: Type.Optional(Type.Unsafe<Record<string, Record<string, unknown>>>(partial(SystemConfig))),
    clients: Type.Optional(Type.Array(ClientEntry)),
  },
  { additionalProperties: false },
);
export type InstallationDocument = Static<typeof InstallationDocument>;
export type ClientEntry = Static<typeof ClientEntry>;

/** A client with everything that the file may leave out. */
export type WholeEntry = Required<Omit<ClientEntry, 'id'>> & { id: string | null };

/** What an installation is, as far as the file can say it. */
export interface Installation {
  /** What administrators set, by `group.name`. */
  config: Record<string, unknown>;
  clients: WholeEntry[];
}
