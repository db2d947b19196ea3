import type { Config } from '../config/index.ts';

/** What a person sees when the server has started: where things are, and the commands worth knowing next. */
export function describeStart({ server, warnings }: Config, usesMailbox: boolean): string {
  const { issuer, hostedPages, docs } = server;
  const places = [
    ...(hostedPages ? [['Sign-in page', `${issuer}/login`]] : []),
    ...(usesMailbox ? [['Development mailbox', `${issuer}/dev/mailbox`]] : []),
    ...(docs ? [['API reference', `${issuer}/docs`]] : []),
  ];
  const next = [
    ['npx gatehouse origin add --value http://localhost:5173', 'let a page call this server'],
    ['npx gatehouse smtp add --help', 'send mail'],
    ['npx gatehouse doctor', 'check everything'],
  ];
  const lines = [
    '',
    `  Gatehouse is ready at ${issuer}`,
    '',
    ...places.map(([name = '', url]) => `  ${name.padEnd(21)}${url}`),
    '',
    ...next.map(([command = '', purpose]) => `  ${command.padEnd(56)}${purpose}`),
    ...(warnings.length > 0 ? ['', ...warnings.map((warning) => `  Warning: ${warning}`)] : []),
    '',
  ];
  return `${lines.join('\n')}\n`;
}
