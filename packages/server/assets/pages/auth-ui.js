// What a page gains where scripts run: passkeys, no double submission, a mailbox that looks for itself. Every page is complete
// without it. No library, no build: this file is sent as it is.

const api = window.PublicKeyCredential;
const find = (selector) => document.querySelector(selector);

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (one) => one.charCodeAt(0));

function toText(buffer) {
  if (!buffer) return undefined;
  const binary = Array.from(new Uint8Array(buffer), (one) => String.fromCharCode(one)).join('');
  return btoa(binary).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');
}

// Browsers without the JSON forms of WebAuthn Level 3 get the same by hand.
function readOptions(json) {
  const bytes = (list) => (list ?? []).map((one) => ({ ...one, id: toBytes(one.id) }));
  const options = { ...json, challenge: toBytes(json.challenge) };
  if (json.user) options.user = { ...json.user, id: toBytes(json.user.id) };
  if (json.excludeCredentials) options.excludeCredentials = bytes(json.excludeCredentials);
  if (json.allowCredentials) options.allowCredentials = bytes(json.allowCredentials);
  return options;
}

function writeCredential({ id, rawId, type, response }) {
  const fields = ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'];
  const written = {};
  for (const field of fields) if (response[field]) written[field] = toText(response[field]);
  if (response.attestationObject) written.transports = response.getTransports?.() ?? [];
  if (response.attestationObject) delete written.authenticatorData;
  return { id, rawId: toText(rawId), type, response: written, clientExtensionResults: {} };
}

async function send(address, token, body) {
  const answer = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-csrf-token': token },
    body: JSON.stringify(body),
  });
  const read = await answer.json().catch(() => ({}));
  if (!answer.ok) throw Object.assign(new Error(read.message), { code: read.error });
  return read;
}

function say(box, sentence) {
  box.hidden = !sentence;
  box.querySelector('span').textContent = sentence;
}

// A prompt that was closed, or given up for another, is no failure.
const isClosed = (error) => error.name === 'AbortError' || error.name === 'NotAllowedError';

function offerSignIn(place) {
  const { token, failed } = place.dataset;
  const [box, button] = [place.querySelector('.problem'), place.querySelector('button')];
  let waiting;
  async function ask(mediation) {
    waiting?.abort();
    waiting = new AbortController();
    const { signal } = waiting;
    // Nobody asked for the autofill: that it cannot be offered is no news to anybody.
    let isChosen = !mediation;
    try {
      const { request_id, publicKey } = await send('/login/passkey/options', token, {});
      signal.throwIfAborted();
      const found = await navigator.credentials.get({ publicKey: readOptions(publicKey), signal, ...mediation });
      isChosen = true;
      const credential = writeCredential(found);
      location.assign((await send('/login/passkey/verify', token, { request_id, credential })).location);
    } catch (error) {
      if (isChosen && !isClosed(error)) say(box, failed);
      // A closed prompt leaves the autofill as it was.
      if (!mediation && !signal.aborted) offerAutofill();
    }
  }
  async function offerAutofill() {
    if (await api.isConditionalMediationAvailable?.()) await ask({ mediation: 'conditional' });
  }
  button.addEventListener('click', () => {
    say(box, '');
    ask();
  });
  place.hidden = false;
  offerAutofill();
}

function offerAdding(button) {
  const { token, failed, duplicate } = button.dataset;
  const box = find('[data-passkey-problem]');
  button.addEventListener('click', async () => {
    say(box, '');
    button.disabled = true;
    try {
      const { request_id, publicKey } = await send('/account/passkeys/options', token, {});
      const made = await navigator.credentials.create({ publicKey: readOptions(publicKey) });
      await send('/account/passkeys', token, { request_id, credential: writeCredential(made) });
      location.reload();
    } catch (error) {
      // The page itself says what to do when the sign-in is no longer recent, or over.
      if (/^(reauthentication_required|invalid_access_token)$/.test(error.code)) location.reload();
      else if (error.name === 'InvalidStateError' || error.code === 'duplicate_credential') say(box, duplicate);
      else if (error.name !== 'AbortError') say(box, failed);
      button.disabled = false;
    }
  });
  button.hidden = false;
}

// A second click while a form is on its way would cost a second code, or a second try.
function submitOnce() {
  document.addEventListener('submit', (event) => {
    if (event.target.dataset.sent) event.preventDefault();
    event.target.dataset.sent = 'yes';
  });
  addEventListener('pageshow', () => {
    for (const form of document.forms) delete form.dataset.sent;
  });
}

const LOOK_AFTER_MS = 3000;

function watchMailbox(list) {
  setInterval(async () => {
    if (document.hidden || list.querySelector('details[open]')) return;
    const page = await fetch('/dev/mailbox').then(
      (answer) => answer.text(),
      () => '',
    );
    const newest = new DOMParser().parseFromString(page, 'text/html').querySelector('[data-newest]');
    if (newest && newest.dataset.newest !== list.dataset.newest) location.reload();
  }, LOOK_AFTER_MS);
}

submitOnce();
const signIn = find('[data-passkey-sign-in]');
const adding = find('[data-add-passkey]');
const mailbox = find('[data-newest]');
if (signIn && api) offerSignIn(signIn);
if (adding && api) offerAdding(adding);
if (mailbox) watchMailbox(mailbox);
