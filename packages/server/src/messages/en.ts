/** English. `{{name}}` is filled in where the sentence is used. */
export const en = {
  language: 'en',
  codeMail: {
    subject: 'Your {{brand}} verification code',
    heading: 'Your verification code',
    intro: 'Your verification code is {{code}}. It expires in {{minutes}} minutes.',
    reason:
      'Somebody asked to sign in to {{brand}} with this address. If it was not you, do nothing: without the code nobody gets in.',
  },
};

/** Every language has exactly these sentences. */
export type Messages = typeof en;
