import { defineRefusals } from '../../platform/refusals/index.ts';

export const refusals = defineRefusals({
  administrator_not_found: { status: 404, message: 'There is no such administrator.' },
  administrator_exists: { status: 409, message: 'Somebody with this address is an administrator already.' },
  administrator_invited: { status: 409, message: 'This administrator has not accepted the invitation yet.' },
  last_owner: { status: 409, message: 'One active owner of the whole installation has to remain.' },
  admin_grant_exceeds_own: { status: 403, message: 'Nobody can give, or take from, more than they hold themselves.' },
  own_administrator: { status: 403, message: 'Another owner has to do this: nobody changes their own rights.' },
});
