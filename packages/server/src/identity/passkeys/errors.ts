import { defineRefusals } from '../../platform/refusals/index.ts';

export const refusals = defineRefusals({
  invalid_webauthn_registration: { status: 400, message: 'The passkey could not be added. Start again.' },
  invalid_webauthn_authentication: {
    status: 400,
    message: 'That passkey does not work here. Try again, or sign in another way.',
  },
  invalid_origin: { status: 403, message: 'Pages of this origin may not use passkeys of this product.' },
  duplicate_credential: { status: 409, message: 'This passkey is registered already.' },
  credential_not_found: { status: 404, message: 'There is no such passkey.' },
});
