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
  invitationMail: {
    subject: 'Sie sind eingeladen, {{brand}} zu verwalten',
    heading: 'Sie sind eingeladen, {{brand}} zu verwalten',
    intro:
      'Wählen Sie ein Passwort und richten Sie eine Authenticator-App ein. Der Link gilt einmal und sieben Tage lang; geben Sie ihn nicht weiter.',
    button: 'Einladung annehmen',
    reason:
      'Jemand, der {{brand}} verwaltet, hat diese Adresse eingeladen. Wenn Sie nichts davon wissen, müssen Sie nichts tun.',
  },
  noticeMail: {
    changes: {
      passkey_added: {
        subject: 'Zu Ihrem Konto bei {{brand}} kam ein Passkey hinzu',
        heading: 'Ein Passkey kam hinzu',
        intro: 'Am {{when}} (UTC) kam zu Ihrem Konto ein Passkey hinzu. Wer ihn hat, kann sich als Sie anmelden.',
      },
      passkey_removed: {
        subject: 'Von Ihrem Konto bei {{brand}} wurde ein Passkey entfernt',
        heading: 'Ein Passkey wurde entfernt',
        intro: 'Am {{when}} (UTC) wurde von Ihrem Konto ein Passkey entfernt. Niemand kann sich mehr mit ihm anmelden.',
      },
      password_changed: {
        subject: 'Ihr Passwort bei {{brand}} wurde geändert',
        heading: 'Ihr Passwort wurde geändert',
        intro:
          'Am {{when}} (UTC) wurde Ihr Passwort geändert. Wo Sie sonst noch angemeldet waren, sind Sie es nicht mehr.',
      },
      totp_replaced: {
        subject: 'Ihre Authenticator-App bei {{brand}} wurde ersetzt',
        heading: 'Ihre Authenticator-App wurde ersetzt',
        intro:
          'Am {{when}} (UTC) trat eine andere Authenticator-App an die Stelle Ihrer bisherigen. Deren Codes gelten nicht mehr.',
      },
    },
    nothingToDo: 'Wenn Sie das waren, müssen Sie nichts tun.',
    reason:
      'Wenn Sie es nicht waren: Melden Sie sich bei {{brand}} an wie immer, entfernen Sie jeden Passkey, der nicht Ihrer ist, melden Sie sich überall sonst ab, und sagen Sie es denen, die {{brand}} betreiben. Diese E-Mail enthält keinen Link, damit niemand sie nachmachen kann, um Sie in die Irre zu führen.',
    administratorReason:
      'Wenn Sie es nicht waren: Sagen Sie es sofort jemandem, der {{brand}} ebenfalls verwaltet. Ihr Zugang kann zurückgesetzt werden; das beendet jede Sitzung. Diese E-Mail enthält keinen Link, damit niemand sie nachmachen kann, um Sie in die Irre zu führen.',
  },
  invitationPage: {
    title: 'Ihre Einladung',
    heading: '{{brand}} verwalten',
    intro:
      'Wählen Sie ein Passwort. Im nächsten Schritt richten Sie eine Authenticator-App ein; zum Anmelden brauchen Sie beides.',
    email: 'E-Mail',
    password: 'Neues Passwort',
    passwordHint: 'Mindestens 8 Zeichen. Gut sind mehrere Wörter, die nur Sie zusammenstellen würden.',
    next: 'Weiter',
    appHeading: 'Authenticator-App einrichten',
    appIntro:
      'Scannen Sie das Bild mit Ihrer Authenticator-App und geben Sie dann die sechs Ziffern ein, die sie zeigt.',
    qrCode: 'QR-Code für Ihre Authenticator-App',
    byHand: 'Keine Kamera zur Hand? Geben Sie diesen Schlüssel in die App ein: {{secret}}',
    code: 'Sechsstelliger Code',
    finish: 'Fertig',
    wrongCode: 'Dieser Code stimmt nicht. Warten Sie auf den nächsten und geben Sie ihn ein, solange er zu sehen ist.',
    goneHeading: 'Diese Einladung gilt nicht mehr',
    goneText:
      'Sie wurde schon verwendet, zurückgezogen oder ist älter als sieben Tage. Bitten Sie um eine neue, wer Sie eingeladen hat.',
    doneHeading: 'Alles bereit',
    doneText: 'Ihr Passwort und Ihre Authenticator-App sind eingerichtet. Sie können diese Seite schließen.',
    flaws: {
      too_short: 'Dieses Passwort ist zu kurz. Nehmen Sie mindestens {{minimum}} Zeichen.',
      too_long: 'Dieses Passwort ist zu lang. Nehmen Sie höchstens 256 Zeichen.',
      not_text: 'Dieses Passwort enthält ein Zeichen, das nicht gespeichert werden kann. Wählen Sie ein anderes.',
      common: 'Dieses Passwort gehört zu denen, die zuerst probiert werden. Wählen Sie eines, auf das nur Sie kommen.',
      repeated: 'Dieses Passwort wiederholt sich. Wählen Sie eines, das schwerer zu erraten ist.',
      sequence: 'Dieses Passwort ist eine einfache Folge. Wählen Sie eines, das schwerer zu erraten ist.',
      personal: 'Das ist Ihre Adresse oder der Name dieses Dienstes. Wählen Sie etwas anderes.',
    },
  },
  signInPage: {
    title: 'Anmelden',
    heading: 'Bei {{brand}} anmelden',
    intro: 'Wir senden einen sechsstelligen Code an Ihre E-Mail-Adresse.',
    againHeading: 'Bestätigen Sie, dass Sie es sind',
    againIntro: 'Melden Sie sich noch einmal an, mit einem Code oder einem Passkey, dann geht es weiter.',
    email: 'E-Mail',
    send: 'Code senden',
    or: 'oder',
    passkey: 'Mit einem Passkey anmelden',
    newHere: 'Neu hier? Derselbe Code legt Ihr Konto an.',
    badEmail: 'Das sieht nicht wie eine E-Mail-Adresse aus. Prüfen Sie, ob ein Zeichen fehlt.',
    noMail:
      'Es kann noch kein Code gesendet werden, weil auf diesem Server kein Mailversand eingerichtet ist. Wer ihn betreibt, kann das ändern.',
    limited: 'Zu viele Versuche von hier. Warten Sie {{wait}}, und versuchen Sie es dann noch einmal.',
    passkeyFailed:
      'Dieser Passkey hat hier nicht funktioniert. Versuchen Sie es noch einmal, oder lassen Sie sich einen Code senden.',
  },
  codePage: {
    title: 'Code eingeben',
    heading: 'Sehen Sie in Ihre E-Mails',
    sent: 'Ein Code ging an {{email}}. Er gilt {{minutes}} Minuten.',
    notYou: 'Nicht Sie?',
    code: 'Sechsstelliger Code',
    go: 'Weiter',
    sendAgain: 'Neuen Code senden',
    sentAgain: 'Ein neuer Code ist unterwegs. Der vorige gilt nicht mehr.',
    wrongMany: 'Der Code stimmt nicht. Sie haben noch {{tries}} Versuche, oder Sie lassen {{again}}.',
    wrongOne: 'Der Code stimmt nicht. Sie haben noch einen Versuch, oder Sie lassen {{again}}.',
    wrongNone: 'Der Code stimmt nicht oder gilt nicht mehr. Um weiterzukommen, lassen Sie {{again}}.',
    again: 'sich einen neuen senden',
    incomplete: 'Ein Code hat sechs Ziffern. Sehen Sie noch einmal in die E-Mail.',
    hint: 'Nach einer Minute noch nichts da? Sehen Sie im Spam-Ordner nach.',
  },
  accountPage: {
    title: 'Ihr Konto',
    verified: 'bestätigt',
    signOut: 'Abmelden',
    profile: 'Profil',
    email: 'E-Mail',
    name: 'Name',
    nameHint: 'So sehen andere Sie. Sie können das Feld leer lassen.',
    save: 'Speichern',
    nameSaved: 'Ihr Name ist gespeichert.',
    nameTooLong: 'Der Name ist zu lang. Er darf höchstens 200 Zeichen haben.',
    passkeys: 'Passkeys',
    passkeysIntro:
      'Melden Sie sich mit Gesicht, Fingerabdruck oder Geräte-PIN an. Nichts zu merken, nichts zu stehlen.',
    noPasskeys: 'Sie haben noch keinen. Ihre E-Mail-Adresse bleibt Ihr Weg hinein.',
    addPasskey: 'Passkey hinzufügen',
    addNeedsScript: 'Um einen Passkey hinzuzufügen, schalten Sie für diese Seite JavaScript ein.',
    addFailed: 'Der Passkey wurde nicht hinzugefügt. Versuchen Sie es noch einmal, wenn Sie so weit sind.',
    addDuplicate: 'Dieses Gerät hat schon einen Passkey für Ihr Konto.',
    passkeyAdded: 'Der Passkey ist hinzugefügt. Ab jetzt können Sie sich damit anmelden.',
    passkeyRenamed: 'Der Passkey hat seinen neuen Namen.',
    passkeyRemoved:
      'Der Passkey ist entfernt. Er öffnet Ihr Konto nicht mehr; Sie können ihn auch auf Ihrem Gerät löschen.',
    notRecent: 'Ihre Anmeldung ist schon eine Weile her. Um einen Passkey hinzuzufügen oder zu entfernen, {{again}}.',
    signInAgain: 'melden Sie sich noch einmal an',
    added: 'Hinzugefügt am {{date}}',
    lastUsed: 'zuletzt benutzt {{when}}',
    neverUsed: 'noch nicht benutzt',
    rename: 'Umbenennen',
    renameOf: '{{name}} umbenennen',
    remove: 'Entfernen',
    removeOf: '{{name}} entfernen',
    sessions: 'Wo Sie angemeldet sind',
    thisDevice: 'dieses Gerät',
    activeNow: 'gerade aktiv',
    endSession: 'Abmelden',
    endSessionOf: '{{name}} abmelden',
    endOthers: 'Überall sonst abmelden',
    sessionsEnded: 'Dort sind Sie abgemeldet.',
    byCode: 'E-Mail-Code',
    byPasskey: 'Passkey',
    unknownDevice: 'Unbekanntes Gerät',
  },
  passkeyPages: {
    renameTitle: 'Passkey umbenennen',
    name: 'Name',
    nameHint: 'Ein Name, der Ihnen sagt, auf welchem Gerät er liegt.',
    badName: 'Geben Sie ihm einen Namen mit höchstens 80 Zeichen.',
    save: 'Speichern',
    removeTitle: 'Passkey entfernen',
    removeHeading: '{{name}} entfernen?',
    removeText:
      'Sie können sich dann nicht mehr damit anmelden. Ihre E-Mail-Adresse und Ihre anderen Passkeys gelten weiter.',
    remove: 'Passkey entfernen',
    back: 'So lassen, wie er ist',
  },
  signOutPage: {
    title: 'Abmelden',
    heading: 'Abmelden?',
    text: 'Sie sind als {{email}} angemeldet.',
    signOut: 'Abmelden',
    stay: 'Angemeldet bleiben',
    doneTitle: 'Abgemeldet',
    doneText: 'Auf dieser Seite ist niemand mehr angemeldet. Sie können sie schließen.',
    signIn: 'Wieder anmelden',
  },
  mailboxPage: {
    title: 'Postfach für die Entwicklung',
    intro:
      'Es ist kein Mailserver eingerichtet. Deshalb bleiben die E-Mails dieses Servers hier, statt versendet zu werden. Nur dieser Rechner kann sie sehen.',
    empty: 'Noch keine E-Mails. Lassen Sie sich auf der Anmeldeseite einen Code senden, dann erscheint er hier.',
    signIn: 'Zur Anmeldeseite',
    refresh: 'Noch einmal nachsehen',
    to: 'An {{email}}, {{when}}',
    asText: 'Als Text',
    asHtml: 'So sieht sie im Mailprogramm aus',
  },
  refusalPage: {
    onward: 'Zum Anfang',
    reference: 'Wenn Sie um Hilfe bitten, nennen Sie diese Nummer:',
    sentences: {
      cross_site_request: {
        title: 'Diese Seite war zu lange offen',
        text: 'Zur Sicherheit wurde nichts geändert. Gehen Sie zurück, laden Sie die Seite neu und versuchen Sie es noch einmal.',
      },
      not_found: {
        title: 'Hier ist nichts',
        text: 'Vielleicht ist die Adresse verschrieben, oder die Seite ist umgezogen.',
      },
      credential_not_found: {
        title: 'Diesen Passkey gibt es nicht mehr',
        text: 'Er wurde schon entfernt. Sonst wurde nichts geändert.',
      },
      rate_limited: {
        title: 'Zu viele Versuche',
        text: 'Warten Sie ein paar Minuten, und versuchen Sie es dann noch einmal.',
      },
      client_disabled: {
        title: 'Dieses Produkt ist abgeschaltet',
        text: 'Wer es betreibt, hat die Anmeldung vorerst abgeschaltet. Ihr Konto bleibt erhalten.',
      },
      invalid_client: {
        title: 'Dieser Link führt zu keinem Produkt',
        text: 'Die Adresse nennt ein Produkt, das dieser Server nicht kennt. Gehen Sie zurück zu dem Link, und versuchen Sie es noch einmal.',
      },
      temporarily_unavailable: {
        title: 'Gerade nicht',
        text: 'Versuchen Sie es in einigen Augenblicken noch einmal.',
      },
      internal_error: {
        title: 'Bei uns ist etwas schiefgegangen',
        text: 'Es lag nicht an Ihnen. Versuchen Sie es in ein paar Augenblicken noch einmal.',
      },
      other: {
        title: 'Das hat nicht geklappt',
        text: 'Es wurde nichts geändert. Gehen Sie zurück, laden Sie die Seite neu und versuchen Sie es noch einmal.',
      },
    },
  },
};
