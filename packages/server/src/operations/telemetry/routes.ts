import { Type } from 'typebox';
import { defineRoute, type Route, reply } from '../../platform/http/index.ts';
import type { Telemetry } from './create-telemetry.ts';

/** `/api/admin/metrics`: the same text as on the port of its own, for whoever may read it. */
export function telemetryRoutes(telemetry: Telemetry): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/api/admin/metrics',
      access: { admin: 'metrics:read' },
      cors: 'nobody',
      tag: 'Administration: operation',
      summary: 'Prometheus metrics; counting begins with the first request unless METRICS_PORT is set',
      responses: { 200: Type.String() },
      handle: async () => {
        const { contentType, text } = await telemetry.render();
        return reply({ body: text, headers: { 'content-type': contentType, 'cache-control': 'no-store' } });
      },
    }),
  ];
}
