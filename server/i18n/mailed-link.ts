import { marked } from './fr.ts';
import { type Language, languageFor } from './spoken.ts';

/** What the mail says by which its reader shows that they read this mailbox (R36). */
interface MailedLinkWords {
  /** Its subject, which is stored in clear: words of ours only. */
  title(brand: string): string;
  /** Its text around the link; the button is named as on the page. */
  body(brand: string, href: string): string;
}

const words: Readonly<Record<Language, MailedLinkWords>> = {
  en: {
    title: (brand) => `Your link to your data at ${brand}`,
    body: (brand, href) =>
      `Open this page and press Show my data:\n\n${href}\n\nIt shows what you chose at ${brand}, and who got what. It works once, for one hour. Whoever has this link sees your data, so keep it to yourself. If you did not ask for it, do nothing.\n`,
  },
  da: {
    title: (brand) => `Dit link til dine data hos ${brand}`,
    body: (brand, href) =>
      `Åbn denne side, og tryk på Vis mine data:\n\n${href}\n\nDen viser dine valg hos ${brand}, og hvem der har fået hvad. Linket virker én gang i en time. Den, der har linket, ser dine data, så behold det for dig selv. Hvis du ikke har bedt om det, skal du ikke gøre noget.\n`,
  },
  de: {
    title: (brand) => `Ihr Link zu Ihren Daten bei ${brand}`,
    body: (brand, href) =>
      `Öffnen Sie diese Seite und drücken Sie Meine Daten zeigen:\n\n${href}\n\nSie zeigt Ihre Entscheidungen bei ${brand} und wer was erhalten hat. Der Link funktioniert einmal, eine Stunde lang. Wer diesen Link hat, sieht Ihre Daten: Behalten Sie ihn für sich. Wenn Sie nicht darum gebeten haben, tun Sie nichts.\n`,
  },
  fr: marked<MailedLinkWords>({
    title: (brand) => `Votre lien vers vos données chez ${brand}`,
    body: (brand, href) =>
      `Ouvrez cette page et appuyez sur Montrer mes données :\n\n${href}\n\nElle montre vos choix chez ${brand}, et qui a reçu quoi. Le lien fonctionne une fois, pendant une heure. Qui possède ce lien voit vos données, gardez-le donc pour vous. Si vous ne l’avez pas demandé, ne faites rien.\n`,
  }),
};

/** The words of that mail for a reader, by the languages they want (spoken.ts). */
export const mailedLinkWords = (wanted: readonly string[]): MailedLinkWords => words[languageFor(wanted)];
