import type { ProblemBody, ProblemSlug } from '#contract/problem.ts';
import { marked } from '../i18n/fr.ts';
import { type Language, languageFor } from '../i18n/spoken.ts';

/** What can go wrong on the pages of a visitor. */
const slugs = [
  'bad-input',
  'wrong-origin',
  'not-found',
  'link-used',
  'too-large',
  'wrong-type',
  'too-many',
  'login-over',
  'store-failed',
  'internal',
] as const satisfies ProblemSlug[];
type Slug = (typeof slugs)[number];
type Said = Readonly<Record<Slug, { title: string; remedy: string }>>;

const words: Readonly<Record<Exclude<Language, 'en'>, Said>> = {
  da: {
    'bad-input': { title: 'Noget i det sendte har en forkert form.', remedy: 'Gå tilbage, og prøv igen.' },
    'wrong-origin': { title: 'Dette kom ikke fra vores egen side.', remedy: 'Åbn siden her, og prøv igen.' },
    'not-found': { title: 'Her er intet.', remedy: 'Kontrollér adressen.' },
    'link-used': {
      title: 'Dette link er allerede brugt, eller det er for gammelt.',
      remedy: 'Åbn siden igen fra chatten.',
    },
    'too-large': { title: 'Det er for meget.', remedy: 'Send mindre ad gangen.' },
    'wrong-type': { title: 'Her ventes noget andet.', remedy: 'Brug formularen på siden.' },
    'too-many': { title: 'Det var for mange gange.', remedy: 'Vent lidt, og prøv igen.' },
    'login-over': {
      title: 'Intet blev udfyldt.',
      remedy: 'Luk denne fane, og fortsæt i chatten. Formularen er, som du forlod den.',
    },
    'store-failed': {
      title: 'Der kan ikke gemmes noget lige nu.',
      remedy: 'Intet blev sendt. Prøv igen om et minut.',
    },
    internal: { title: 'Noget gik galt her.', remedy: 'Intet blev sendt. Prøv igen.' },
  },
  de: {
    'bad-input': {
      title: 'Etwas im Gesendeten hat die falsche Form.',
      remedy: 'Gehen Sie zurück und versuchen Sie es noch einmal.',
    },
    'wrong-origin': {
      title: 'Das kam nicht von unserer eigenen Seite.',
      remedy: 'Öffnen Sie die Seite hier und versuchen Sie es noch einmal.',
    },
    'not-found': { title: 'Hier ist nichts.', remedy: 'Prüfen Sie die Adresse.' },
    'link-used': {
      title: 'Dieser Link wurde schon benutzt, oder er ist zu alt.',
      remedy: 'Öffnen Sie die Seite noch einmal aus dem Chat.',
    },
    'too-large': { title: 'Das ist zu viel.', remedy: 'Senden Sie weniger auf einmal.' },
    'wrong-type': { title: 'Hier wird etwas anderes erwartet.', remedy: 'Nutzen Sie das Formular der Seite.' },
    'too-many': { title: 'Das war zu oft.', remedy: 'Warten Sie ein wenig und versuchen Sie es noch einmal.' },
    'login-over': {
      title: 'Nichts wurde ausgefüllt.',
      remedy:
        'Schließen Sie diesen Tab und machen Sie im Chat weiter. Das Formular ist so, wie Sie es verlassen haben.',
    },
    'store-failed': {
      title: 'Gerade kann nichts gespeichert werden.',
      remedy: 'Es wurde nichts gesendet. Versuchen Sie es in einer Minute noch einmal.',
    },
    internal: {
      title: 'Hier ist etwas schiefgegangen.',
      remedy: 'Es wurde nichts gesendet. Versuchen Sie es noch einmal.',
    },
  },
  fr: marked<Said>({
    'bad-input': { title: 'Quelque chose n’a pas la bonne forme.', remedy: 'Revenez en arrière et réessayez.' },
    'wrong-origin': { title: 'Cela ne venait pas de notre page.', remedy: 'Ouvrez la page ici et réessayez.' },
    'not-found': { title: 'Il n’y a rien ici.', remedy: 'Vérifiez l’adresse.' },
    'link-used': {
      title: 'Ce lien a déjà été utilisé, ou il est trop ancien.',
      remedy: 'Ouvrez de nouveau la page depuis le chat.',
    },
    'too-large': { title: 'C’est trop.', remedy: 'Envoyez moins à la fois.' },
    'wrong-type': { title: 'Autre chose est attendu ici.', remedy: 'Utilisez le formulaire de la page.' },
    'too-many': { title: 'C’était trop souvent.', remedy: 'Attendez un peu et réessayez.' },
    'login-over': {
      title: 'Rien n’a été rempli.',
      remedy: 'Fermez cet onglet et continuez dans le chat. Le formulaire est tel que vous l’avez laissé.',
    },
    'store-failed': {
      title: 'Rien ne peut être enregistré pour le moment.',
      remedy: 'Rien n’a été envoyé. Réessayez dans une minute.',
    },
    internal: { title: 'Quelque chose n’a pas marché ici.', remedy: 'Rien n’a été envoyé. Réessayez.' },
  }),
};

const startPage: Readonly<Record<Language, string>> = {
  en: 'Start page',
  da: 'Startside',
  de: 'Startseite',
  fr: 'Page d’accueil',
};
const isOne = (slug: string): slug is Slug => (slugs as readonly string[]).includes(slug);

/**
 * A problem as a page says it to a visitor, by the languages they want, and where to go from it. The registry's English
 * stands where a problem is none of a visitor's; its detail is English, so it is left out beside other words.
 */
export function problemForVisitor(
  problem: ProblemBody,
  wanted: readonly string[],
): { lang: Language; problem: ProblemBody; start: string } {
  const lang = languageFor(wanted);
  const slug = problem.type.slice('/problems/'.length);
  if (lang === 'en' || !isOne(slug)) return { lang: 'en', problem, start: startPage.en };
  const { type, status } = problem;
  return { lang, problem: { type, status, ...words[lang][slug] }, start: startPage[lang] };
}
