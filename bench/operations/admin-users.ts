import { adminPage } from '../kit/admin-page.ts';

export const operation = adminPage({
  name: 'administration: a page of users',
  path: '/api/admin/clients/default/users?limit=50',
});
