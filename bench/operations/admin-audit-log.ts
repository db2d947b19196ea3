import { adminPage } from '../kit/admin-page.ts';

export const operation = adminPage({
  name: 'administration: a page of the audit log',
  path: '/api/admin/audit-events?limit=50',
});
