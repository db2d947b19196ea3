/** The claims of an access token (D5). Times are seconds since the epoch, as RFC 7519 has them. */
export interface AccessClaims {
  iss: string;
  sub: string;
  aud: string;
  exp: number;
  iat: number;
  jti: string;
  sid: string;
  client_id: string;
  amr: string[];
  acr: string;
  auth_time: number;
  token_use: 'access';
  scope: string;
  scopes: string[];
  email?: string | null;
  email_verified?: boolean;
  role?: string;
  roles?: string[];
}
