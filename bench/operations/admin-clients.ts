import { adminPage } from '../kit/admin-page.ts';

export const operation = adminPage({ name: 'administration: a page of clients', path: '/api/admin/clients?limit=10' });
