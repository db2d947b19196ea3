import { IdParameter } from '@gatehouse/protocol';
import { Type } from 'typebox';
import {
  deletePasskey,
  listPasskeys,
  type Passkey,
  passkeyRefusals,
  renamePasskey,
} from '../../identity/passkeys/index.ts';
import { defineRoute, type Reply, type Route } from '../../platform/http/index.ts';
import { type Answers, type PageUser, readField } from '../frame/index.ts';
import type { PageDeps } from '../page-deps.ts';
import { isRecent } from './read-account.ts';
import { renderRemove, renderRename } from './render-passkey-pages.ts';

type Deps = PageDeps & { answers: Answers };

const base = {
  kind: 'page',
  access: 'page_user',
  tag: 'Pages',
  params: IdParameter,
  responses: { 200: Type.String() },
} as const;
const LONGEST_NAME = 80;

const ownOf = ({ session }: PageUser) => ({ clientId: session.user.clientId, userId: session.user.id });

async function ownPasskey(deps: Deps, caller: PageUser, id: string): Promise<Passkey> {
  const passkey = (await listPasskeys(deps.database, ownOf(caller))).find((one) => one.id === id);
  if (!passkey) throw passkeyRefusals.credential_not_found();
  return passkey;
}

function renameRoutes(deps: Deps): Route[] {
  const path = '/account/passkeys/:id/rename';
  const show = (caller: PageUser, passkey: Passkey, refused: string | null): Reply =>
    deps.answers.show(caller, {
      title: caller.messages.passkeyPages.renameTitle,
      path: `/account/passkeys/${passkey.id}/rename`,
      body: renderRename(caller, passkey, refused),
      status: refused === null ? 200 : 400,
    });
  return [
    defineRoute({
      ...base,
      method: 'GET',
      path,
      summary: 'The page to rename a passkey',
      handle: async ({ caller, params }) => show(caller, await ownPasskey(deps, caller, params.id), null),
    }),
    defineRoute({
      ...base,
      method: 'POST',
      path,
      summary: 'Rename a passkey',
      async handle({ caller, params, body, facts }) {
        const passkey = await ownPasskey(deps, caller, params.id);
        const name = readField(body, 'name').trim();
        if (name === '' || name.length > LONGEST_NAME) return show(caller, passkey, name);
        await renamePasskey(deps, { ...ownOf(caller), id: passkey.id, name, request: facts });
        return deps.answers.lead(caller, '/account', { flow: { ...caller.flow, notice: 'passkey_renamed' } });
      },
    }),
  ];
}

function removeRoutes(deps: Deps): Route[] {
  const path = '/account/passkeys/:id/remove';
  const show = (caller: PageUser, passkey: Passkey): Reply =>
    deps.answers.show(caller, {
      title: caller.messages.passkeyPages.removeTitle,
      path: `/account/passkeys/${passkey.id}/remove`,
      body: renderRemove(caller, passkey, isRecent(deps, caller)),
    });
  return [
    defineRoute({
      ...base,
      method: 'GET',
      path,
      summary: 'The page that asks before a passkey is removed',
      handle: async ({ caller, params }) => show(caller, await ownPasskey(deps, caller, params.id)),
    }),
    defineRoute({
      ...base,
      method: 'POST',
      path,
      summary: 'Remove a passkey',
      async handle({ caller, params, facts }) {
        const passkey = await ownPasskey(deps, caller, params.id);
        if (!isRecent(deps, caller)) return { ...show(caller, passkey), status: 403 };
        const { language: locale } = caller.messages;
        await deletePasskey(deps, { ...ownOf(caller), id: passkey.id, locale, request: facts });
        return deps.answers.lead(caller, '/account', { flow: { ...caller.flow, notice: 'passkey_removed' } });
      },
    }),
  ];
}

export function passkeyRoutes(deps: Deps): Route[] {
  return [...renameRoutes(deps), ...removeRoutes(deps)];
}
