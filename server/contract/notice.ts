/** The language the hub writes in by itself: the one in which a notice is always complete. */
export const defaultLanguage = 'en';

/** Languages a notice can be written in: BCP 47 primary subtags, the Union's and the commonest beside them. */
export const noticeLanguages = [
  'ar',
  'bg',
  'cs',
  'da',
  'de',
  'el',
  'en',
  'es',
  'et',
  'fi',
  'fr',
  'ga',
  'he',
  'hi',
  'hr',
  'hu',
  'is',
  'it',
  'ja',
  'ko',
  'lt',
  'lv',
  'mt',
  'nl',
  'no',
  'pl',
  'pt',
  'ro',
  'sk',
  'sl',
  'sv',
  'tr',
  'uk',
  'zh',
] as const;

/** The longest text of one block, in characters. */
export const longestText = 600;

/** What stands below a text a person wrote, as the add-on declares it; nobody at the brand can change it. */
export interface NoticeFacts {
  legalName: string;
  address: string;
  countries: string[];
  retention: string;
}
