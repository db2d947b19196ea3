import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AuthData } from './auth-data.ts';
import type { Denial, GuardOptions } from './authenticate-header.ts';
import { authenticateHeader } from './authenticate-header.ts';
import type { Verifier } from './verifier.ts';

declare global {
  namespace Express {
    interface Request {
      /** Who sent the request; set by `requireAuth`. */
      authData?: AuthData;
    }
  }
}

/** A middleware for Express, Connect and everything that calls `(request, response, next)`. */
export type AuthMiddleware = (
  request: IncomingMessage & { authData?: AuthData },
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

/** Lets only requests with an accepted token pass, and sets `request.authData`; answers the others with JSON. */
export function requireAuth(verifier: Verifier, options: GuardOptions = {}): AuthMiddleware {
  return (request, response, next) => {
    authenticateHeader(verifier, request.headers.authorization, options).then((result) => {
      if ('denial' in result) return deny(response, result.denial);
      request.authData = result.authData;
      next();
    }, next);
  };
}

function deny(response: ServerResponse, { status, headers, body }: Denial): void {
  response.writeHead(status, { ...headers, 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
