/**
 * Users: the people of one client. The same address in two clients is two users. An address is kept as typed but for trim, lower case
 * and NFC: look-alikes, dots and plus signs stay different people.
 */
export { changeDisplayName } from './change-display-name.ts';
export { createUser, findOrCreateUser, type NewUser } from './create-user.ts';
export { searchKeyOf, searchUsers, type UserSearch } from './search-users.ts';
export {
  deleteUserRow,
  findUser,
  findUsers,
  holdUser,
  markEmailVerified,
  type UserChange,
  updateUser,
} from './store.ts';
export { presentUser, type User } from './user.ts';
