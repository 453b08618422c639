/** The few words on the brand's own page; they travel with the script, so they are as few as can be. */
interface LoaderWords {
  /** BCP 47 tag of these words. */
  tag: string;
  chat: string;
  /** Stands before the brand's name. */
  with: string;
  /** Beside the number of new messages, one and more. */
  fresh: readonly [string, string];
  silent: string;
  line: string;
  close: string;
}

const english: LoaderWords = {
  tag: 'en',
  chat: 'Chat',
  with: 'Chat with',
  fresh: ['new', 'new'],
  silent: 'The chat does not answer. Nothing was sent. Please try again in a minute.',
  line: 'From the chat',
  close: 'Close',
};
const spoken: Readonly<Record<string, LoaderWords>> = {
  en: english,
  da: {
    tag: 'da',
    chat: 'Chat',
    with: 'Chat med',
    fresh: ['ny', 'nye'],
    silent: 'Chatten svarer ikke. Intet blev sendt. Prøv igen om et minut.',
    line: 'Fra chatten',
    close: 'Luk',
  },
  de: {
    tag: 'de',
    chat: 'Chat',
    with: 'Chat mit',
    fresh: ['neu', 'neu'],
    silent: 'Der Chat antwortet nicht. Es wurde nichts gesendet. Bitte versuchen Sie es in einer Minute noch einmal.',
    line: 'Aus dem Chat',
    close: 'Schließen',
  },
  fr: {
    tag: 'fr',
    chat: 'Chat',
    with: 'Chat avec',
    fresh: ['non lu', 'non lus'],
    silent: 'Le chat ne répond pas. Rien n’a été envoyé. Merci de réessayer dans une minute.',
    line: 'Message du chat',
    close: 'Fermer',
  },
};

/** Words by the page's language, then by the browser's, as the hub picks those of the frame; else English. */
export function loaderWords(page: string | undefined, browser: readonly string[]): LoaderWords {
  const wanted = [page ?? '', ...browser].map((tag) => tag.trim().split(/[-_]/)[0]?.toLowerCase() ?? '');
  return spoken[wanted.find((lang) => Object.hasOwn(spoken, lang)) ?? 'en'] ?? english;
}
