import { readFileSync } from 'node:fs';
import { readSmtpPassword } from '../config/index.ts';
import { isHeaderText, parseEmailAddress } from '../platform/mail/index.ts';
import type { NewSmtpServer } from '../platform/mailer/index.ts';
import { CommandFailure } from './command-failure.ts';

/** The words given for an SMTP server, as commander hands them over. */
export interface SmtpOptions {
  host?: string;
  port?: string;
  username?: string;
  password?: string;
  passwordFile?: string;
  fromEmail?: string;
  fromName?: string;
  secure?: string | boolean;
  active?: string;
  weight?: string;
}

const HINT = 'gatehouse smtp --help';
const HIGHEST_PORT = 65_535;
const HIGHEST_WEIGHT = 1_000_000;

function refuse(option: string, problem: string): never {
  throw new CommandFailure(`${option} ${problem}`, { hint: HINT });
}

function readInteger(option: string, text: string, [least, most]: [number, number]): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : refuse(option, `must be a whole number from ${least} to ${most}`);
}

function readBoolean(option: string, given: string | boolean): boolean {
  if (typeof given === 'boolean') return given;
  return given === 'true' || (given === 'false' ? false : refuse(option, 'must be true or false'));
}

function readText(option: string, text: string): string {
  const trimmed = text.trim();
  return trimmed !== '' && isHeaderText(trimmed) ? trimmed : refuse(option, 'must be one line of text');
}

function readHost(text: string): string {
  return /^[\w.:[\]-]{1,253}$/.test(text) ? text : refuse('--host', 'must be the name or address of a mail server');
}

function readPassword({ password, passwordFile }: SmtpOptions): string | undefined {
  if (password !== undefined && passwordFile !== undefined) refuse('--password', 'and --password-file: give only one');
  const text = password ?? (passwordFile === undefined ? readSmtpPassword() : readFirstLine(passwordFile));
  if (text !== undefined && !/^[^\r\n\0]+$/.test(text)) refuse('the password', 'must be one line of text');
  return text;
}

function readFirstLine(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw new CommandFailure(`the file ${path} cannot be read`, { hint: HINT, cause: error });
  }
}

/** What the words say about a server, only what they name. Throws CommandFailure; never repeats a password. */
export function readSmtpOptions(options: SmtpOptions): Partial<NewSmtpServer> {
  const { host, port, username, fromEmail, fromName, secure, active, weight } = options;
  const password = readPassword(options);
  const address = fromEmail === undefined ? undefined : parseEmailAddress(fromEmail);
  if (address === null) refuse('--from-email', 'must be one e-mail address');
  return {
    ...(host !== undefined && { host: readHost(host) }),
    ...(port !== undefined && { port: readInteger('--port', port, [1, HIGHEST_PORT]) }),
    ...(username !== undefined && { username: readText('--username', username) }),
    ...(password !== undefined && { password }),
    ...(address !== undefined && { fromEmail: address }),
    ...(fromName !== undefined && { fromName: readText('--from-name', fromName) }),
    ...(secure !== undefined && { secure: readBoolean('--secure', secure) }),
    ...(active !== undefined && { active: readBoolean('--active', active) }),
    ...(weight !== undefined && { weight: readInteger('--weight', weight, [0, HIGHEST_WEIGHT]) }),
  };
}

/** A whole server from the words. Throws CommandFailure naming what is missing. */
export function readNewSmtpServer(options: SmtpOptions): NewSmtpServer {
  const given = readSmtpOptions(options);
  const { host, port, fromEmail, username = null, password = null } = given;
  if (host === undefined) refuse('--host', 'is missing');
  if (port === undefined) refuse('--port', 'is missing');
  if (fromEmail === undefined) refuse('--from-email', 'is missing');
  if (username !== null && password === null) refuse('--password-file', 'is missing (or SMTP_PASSWORD, or --password)');
  if (username === null && options.password !== undefined) refuse('--username', 'is missing');
  const rest = { fromName: null, secure: port === 465, active: true, weight: 1, ...given };
  // A password of the environment is for servers that ask for a name.
  return { ...rest, host, port, fromEmail, username, password: username === null ? null : password };
}
