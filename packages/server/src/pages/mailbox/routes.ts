import { IdParameter } from '@gatehouse/protocol';
import { Type } from 'typebox';
import { defineRoute, httpRefusals, type RawRequest, type Route, reply } from '../../platform/http/index.ts';
import { listDevelopmentMails } from '../../platform/mailer/index.ts';
import type { Answers } from '../frame/index.ts';
import type { PageDeps } from '../page-deps.ts';
import { renderMailbox } from './render-mailbox.ts';

type Deps = PageDeps & { answers: Answers };

const base = {
  method: 'GET',
  kind: 'page',
  access: 'page',
  tag: 'Development',
  responses: { 200: Type.String() },
} as const;

const THIS_MACHINE = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/;

/** A mail may style itself and show pictures; it runs nothing, sends nothing, and is nobody's origin. */
const MAIL_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; img-src data: https:; frame-ancestors 'self'; sandbox",
  'x-frame-options': 'SAMEORIGIN',
};

async function requireMailbox(deps: Deps, headers: RawRequest['headers']): Promise<void> {
  const host = typeof headers.host === 'string' ? headers.host : '';
  if (!THIS_MACHINE.test(host) || !(await deps.mailer.usesMailbox())) throw httpRefusals.not_found();
}

/** `/dev/mailbox`. */
export function mailboxRoutes(deps: Deps): Route[] {
  const list = defineRoute({
    ...base,
    path: '/dev/mailbox',
    summary: 'The development mailbox',
    async handle({ caller, headers }) {
      await requireMailbox(deps, headers);
      const mails = await listDevelopmentMails(deps.database.read);
      const body = renderMailbox(caller, mails, deps.clock.now());
      const { title } = caller.messages.mailboxPage;
      return deps.answers.show(caller, { title, path: '/dev/mailbox', body, isWide: true, frames: true });
    },
  });
  const one = defineRoute({
    ...base,
    path: '/dev/mailbox/:id',
    summary: 'One mail as it looks',
    params: IdParameter,
    async handle({ params, headers }) {
      await requireMailbox(deps, headers);
      const mail = (await listDevelopmentMails(deps.database.read)).find(({ id }) => id === params.id);
      if (!mail) throw httpRefusals.not_found();
      return reply({ body: mail.html, headers: MAIL_HEADERS });
    },
  });
  return [list, one];
}
