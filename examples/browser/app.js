const { email, passkey, session } = window.Gatehouse;
const find = (id) => document.getElementById(id);

function show({ status, me }) {
  find('status').textContent = status;
  find('signed-in').hidden = status !== 'authenticated';
  find('signed-out').hidden = status !== 'anonymous';
  find('email').textContent = me?.email ?? '';
  find('passkeys').textContent = String(me?.webauthn_credentials.length ?? 0);
}

// The SDK rejects with a code and a sentence; a person is shown the sentence.
function attempt(action) {
  return async (event) => {
    event.preventDefault();
    find('problem').textContent = '';
    try {
      await action(event);
    } catch (error) {
      find('problem').textContent = error.message;
    }
  };
}

const on = (id, type, action) => find(id).addEventListener(type, attempt(action));

on('send', 'submit', async ({ target }) => {
  await email.start({ email: target.elements.email.value });
  find('verify').hidden = false;
});
on('verify', 'submit', ({ target }) =>
  email.verify({ email: find('send').elements.email.value, code: target.elements.code.value }),
);
on('use-passkey', 'click', () => passkey.authenticate());
on('add-passkey', 'click', () => passkey.register({ name: 'Added on the example page' }));
on('sign-out', 'click', () => session.logout());

session.onChange(show);
show(session.getState());
