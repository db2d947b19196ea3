import { once } from 'node:events';
import { createServer } from 'node:net';
import { type Config, isLoopbackHost } from '../../config/index.ts';
import { type Finding, messageOf } from './finding.ts';

const ANSWER_WITHIN_MS = 3_000;

/** Whether what people and programs send to the issuer is encrypted. */
export function checkIssuer({ server: { issuer } }: Config): Finding {
  const check = 'issuer';
  const { protocol, hostname } = new URL(issuer);
  if (protocol === 'https:') return { check, status: 'ok', message: issuer };
  if (isLoopbackHost(hostname)) return { check, status: 'ok', message: `${issuer}, this machine only` };
  const fix = 'Put a proxy with a certificate before the server and set AUTH_ISSUER to its https:// origin.';
  return { check, status: 'warn', message: `${issuer} is not encrypted`, fix };
}

async function answers({ host, port }: Config['server']): Promise<boolean> {
  const any: Record<string, string> = { '0.0.0.0': '127.0.0.1', '::': '[::1]' };
  const name = any[host] ?? (host.includes(':') ? `[${host}]` : host);
  try {
    const response = await fetch(`http://${name}:${port}/healthz`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    const body: unknown = await response.json();
    return response.ok && typeof body === 'object' && body !== null && 'status' in body && body.status === 'ok';
  } catch {
    return false;
  }
}

/** Whether a server answers on the port, or could listen on it. */
export async function checkPort(server: Config['server']): Promise<Finding> {
  const check = 'port';
  const place = `${server.host}:${server.port}`;
  if (server.port === 0) return { check, status: 'ok', message: 'any free one' };
  if (await answers(server)) return { check, status: 'ok', message: `a server answers on ${place}` };
  const probe = createServer();
  try {
    probe.listen(server.port, server.host);
    await once(probe, 'listening');
    return { check, status: 'ok', message: `${place} is free` };
  } catch (error) {
    const taken = (error as { code?: unknown }).code === 'EADDRINUSE';
    const message = taken ? `another program uses ${place}` : messageOf(error);
    return { check, status: 'problem', message, fix: 'Stop it, or choose another port with PORT.' };
  } finally {
    probe.close();
  }
}
