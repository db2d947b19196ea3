// Holds the server against the ledger as its clients would see it: by asking it.
import { setTimeout as delay } from 'node:timers/promises';
import { asAdmin, CLIENT, send } from './act.ts';
import { assertionOf } from './acts.ts';
import type { Act, Op } from './ledger.ts';
import type { Memory } from './person.ts';

/** Of each kind as many are asked about as this; the newest, and a few more of all. */
const MOST = 60;
/** Other workers act on what they knew of a client for a second. */
const CLIENT_STALE_MS = 1_100;

interface Probe {
  url: string;
  acts: readonly Act[];
  memory: Memory;
}

function answered(acts: readonly Act[], ...ops: Op[]): Act[] {
  return acts.filter((act) => act.outcome === 'answered' && ops.includes(act.op));
}

function some<T>(all: readonly T[]): T[] {
  return all.filter((_, at) => all.length - at <= MOST / 2 || at % Math.ceil((2 * all.length) / MOST) === 0);
}

interface Family {
  session: string;
  user: string;
  /** Every token that was handed out, oldest first. */
  tokens: string[];
}

function familiesOf(acts: readonly Act[]): Family[] {
  const families = new Map<string, Family>();
  for (const { about } of answered(acts, 'sign_in', 'passkey_sign_in', 'refresh')) {
    const { session = '', user = '', newToken = '' } = about;
    const family = families.get(session) ?? { session, user, tokens: [] };
    if (!family.tokens.includes(newToken)) family.tokens.push(newToken);
    families.set(session, family);
  }
  return [...families.values()];
}

/** Every act that may have ended something, also those nobody answered. */
function endedIn(acts: readonly Act[]) {
  const ends = acts.filter(({ op }) => op === 'sign_out' || op === 'revoke' || op === 'suspend');
  const of = (list: readonly Act[]) =>
    new Set(list.map(({ op, about }) => (op === 'suspend' ? about.user : about.session)));
  const surely = of(ends.filter((act) => act.outcome === 'answered'));
  const maybe = of(ends);
  const has = (set: typeof surely) => (family: Family) => set.has(family.session) || set.has(family.user);
  return { surely: has(surely), maybe: has(maybe) };
}

const present = (url: string, family: Family, token: string | undefined) =>
  send(url, { path: '/session/refresh', body: { session_id: family.session, refresh_token: token } });

async function setGrace(url: string, seconds: number | null): Promise<void> {
  const body = { settings: { refresh_grace_seconds: seconds } };
  const { status } = await send(url, { method: 'PATCH', path: CLIENT, body, headers: asAdmin });
  if (status !== 200) throw new Error(`the grace was not set: ${status}`);
  await delay(CLIENT_STALE_MS);
}

async function* askFamilies({ url, acts }: Probe): AsyncIterable<string> {
  const ended = endedIn(acts);
  const families = some(familiesOf(acts));
  for (const family of families.filter(ended.surely)) {
    const { status } = await present(url, family, family.tokens.at(-1));
    if (status !== 401) yield `I3 an ended session answers ${status} (${family.session})`;
  }
  const living = families.filter((family) => !ended.maybe(family));
  const newest = new Map<Family, string>();
  for (const family of living) {
    const first = await present(url, family, family.tokens.at(-1));
    const again = await present(url, family, family.tokens.at(-1));
    if (first.status !== 200) yield `I1 the newest token answers ${first.status} (${family.session})`;
    else if (again.body.refresh_token !== first.body.refresh_token)
      yield `I1 inside the grace another successor came (${family.session})`;
    else newest.set(family, first.body.refresh_token);
  }
  await setGrace(url, 0);
  for (const [family, token] of newest) {
    const used = family.tokens.at(-(1 + (family.tokens.length % 3))) ?? family.tokens[0];
    const replayed = await present(url, family, used);
    if (replayed.body.error !== 'refresh_token_reused')
      yield `I1 a used token answers ${replayed.status} (${family.session})`;
    const after = await present(url, family, token);
    if (after.status !== 401) yield `I7 a family lives on after a replay (${family.session})`;
  }
  await setGrace(url, null);
}

async function* askPasskeys({ url, acts, memory }: Probe): AsyncIterable<string> {
  const gone = new Set(acts.filter(({ op }) => op === 'suspend').map(({ about }) => about.user));
  const removed = answered(acts, 'remove_passkey').map(({ about }) => about.passkey ?? '');
  const doubtful = new Set(acts.filter(({ op }) => op === 'remove_passkey').map(({ about }) => about.passkey));
  const tell = async (passkey: string) => {
    const authenticator = memory.passkeys.get(passkey);
    if (!authenticator) throw new Error('the load remembers every passkey');
    const body = await assertionOf(url, authenticator);
    const asked = { path: '/webauthn/authenticate/verify', body };
    return { first: (await send(url, asked)).status, again: (await send(url, asked)).status };
  };
  const kept = answered(acts, 'add_passkey').filter(
    ({ about }) => !doubtful.has(about.passkey) && !gone.has(about.user),
  );
  for (const { about } of some(kept)) {
    const { first, again } = await tell(about.passkey ?? '');
    if (first !== 200) yield `I2 a passkey answers ${first} (${about.passkey})`;
    if (again < 400) yield `I6 a challenge was taken twice (${about.passkey})`;
  }
  for (const passkey of some(removed)) {
    const { first } = await tell(passkey);
    if (first < 400) yield `I3 a removed passkey answers ${first} (${passkey})`;
  }
}

async function* askCodes({ url, acts }: Probe): AsyncIterable<string> {
  const ask = async ({ about: { email, code } }: Act) =>
    (await send(url, { path: '/email/verify', body: { email, code } })).status;
  for (const act of some(answered(acts, 'sign_in'))) {
    const status = await ask(act);
    if (status !== 401) yield `I6 a used code answers ${status} (${act.about.email})`;
  }
  for (const act of some(acts.filter(({ op, outcome }) => op === 'sign_in' && outcome === 'in doubt'))) {
    const statuses = [await ask(act), await ask(act)];
    if (statuses[1] !== 401) yield `I6 a code answers ${statuses} (${act.about.email})`;
  }
}

async function* askKeys({ url, acts }: Probe): AsyncIterable<string> {
  for (const { about } of some(answered(acts, 'rotate_api_key'))) {
    const headers = { 'x-api-key': about.key ?? '' };
    const { body } = await send(url, { path: '/api/auth/refresh', body: { refresh_token: 'none' }, headers });
    if (body.error !== 'invalid_refresh_token') yield `I2 an API key answers ${body.error}`;
  }
}

/** What a client would complain about, one sentence each. Uses up what it asks about: the last thing to do with a server. */
export async function probeServer(probe: Probe): Promise<string[]> {
  const complaints: string[] = [];
  for (const ask of [askCodes, askPasskeys, askKeys, askFamilies]) {
    for await (const complaint of ask(probe)) complaints.push(complaint);
  }
  return complaints;
}
