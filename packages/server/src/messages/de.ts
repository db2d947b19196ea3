import type { Messages } from './en.ts';

/** Deutsch. */
export const de: Messages = {
  language: 'de',
  codeMail: {
    subject: 'Ihr Bestätigungscode für {{brand}}',
    heading: 'Ihr Bestätigungscode',
    intro: 'Ihr Bestätigungscode ist {{code}}. Er gilt {{minutes}} Minuten.',
    reason:
      'Jemand möchte sich mit dieser Adresse bei {{brand}} anmelden. Wenn Sie es nicht waren, müssen Sie nichts tun: Ohne den Code kommt niemand hinein.',
  },
};
