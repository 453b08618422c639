import { type Field, visitorFields } from '#contract/visitor.ts';
import { say as danish } from '../../i18n/da.ts';
import { say as german } from '../../i18n/de.ts';
import { whole } from '../../i18n/en.ts';
import { say as french, marked } from '../../i18n/fr.ts';
import { type Language, languageFor } from '../../i18n/spoken.ts';

/** What the tab says in which a visitor signs in to fill in the chat's form (R21). */
const english = {
  /** BCP 47 tag of these words. */
  tag: 'en',
  sandboxTag: 'sandbox',
  onTo: (partner: string) => `On to ${partner}`,
  onToLede: 'You sign in there, then pick here what goes into the chat’s form.',
  goOn: (partner: string) => `Go on to ${partner}`,
  came: (partner: string) => `What came from ${partner}`,
  pick: (brand: string) =>
    `Tick what should go into the form of your chat with ${brand}. You can change it. ${brand} gets nothing before you send the form.`,
  nothingFits: (partner: string) => `${partner} gave nothing that fits the form.`,
  field: (field: Field): string => whole(visitorFields[field].label.replace(/^./, (c) => c.toUpperCase())),
  /** Heard before the field's name, which alone is seen. */
  useIt: 'Use your',
  asItStands: (field: Field) => whole(`Your ${visitorFields[field].label}, as it should stand there`),
  useTicked: 'Use what is ticked',
  useNothing: 'Use nothing',
  forgotten: 'What you do not use is forgotten at once, and all of it after ten minutes.',
  filled: 'It stands in the form',
  filledLede:
    'Close this tab and go on in the chat. You can still change everything there; it is sent when you send it.',
  notFilled: 'Nothing was filled in',
  notFilledLede: 'Close this tab and go on in the chat. Its form is as you left it.',
};
/** Everything a language has to say. */
export type LoginWords = typeof english;

const words: Readonly<Record<Language, LoginWords>> = {
  en: english,
  da: {
    tag: 'da',
    sandboxTag: 'testmiljø',
    onTo: (partner) => `Videre til ${partner}`,
    onToLede: 'Du logger ind der og vælger så her, hvad der skal stå i chattens formular.',
    goOn: (partner) => `Gå videre til ${partner}`,
    came: (partner) => `Det kom fra ${partner}`,
    pick: (brand) =>
      `Sæt kryds ved det, der skal ind i formularen til din chat med ${brand}. Du kan ændre det. ${brand} får intet, før du sender formularen.`,
    nothingFits: (partner) => `${partner} gav intet, der passer til formularen.`,
    field: danish.label,
    useIt: 'Brug',
    asItStands: (field) => `${danish.label(field)}, som det skal stå der`,
    useTicked: 'Brug det, der er krydset af',
    useNothing: 'Brug intet',
    forgotten: 'Det, du ikke bruger, glemmes med det samme, og alt glemmes efter ti minutter.',
    filled: 'Det står i formularen',
    filledLede: 'Luk denne fane, og fortsæt i chatten. Du kan stadig ændre alt der; det sendes, når du sender det.',
    notFilled: 'Intet blev udfyldt',
    notFilledLede: 'Luk denne fane, og fortsæt i chatten. Formularen er, som du forlod den.',
  },
  de: {
    tag: 'de',
    sandboxTag: 'Testumgebung',
    onTo: (partner) => `Weiter zu ${partner}`,
    onToLede: 'Dort melden Sie sich an, dann wählen Sie hier aus, was in das Formular des Chats kommt.',
    goOn: (partner) => `Weiter zu ${partner}`,
    came: (partner) => `Das kam von ${partner}`,
    pick: (brand) =>
      `Haken Sie an, was in das Formular Ihres Chats mit ${brand} kommen soll. Sie können es ändern. ${brand} erhält nichts, bevor Sie das Formular absenden.`,
    nothingFits: (partner) => `${partner} hat nichts geliefert, das in das Formular passt.`,
    field: german.label,
    useIt: 'Verwenden:',
    asItStands: (field) => `${german.label(field)}, wie es dort stehen soll`,
    useTicked: 'Angehaktes verwenden',
    useNothing: 'Nichts verwenden',
    forgotten: 'Was Sie nicht verwenden, wird sofort vergessen, und alles nach zehn Minuten.',
    filled: 'Es steht im Formular',
    filledLede:
      'Schließen Sie diesen Tab und machen Sie im Chat weiter. Dort können Sie noch alles ändern; gesendet wird es, wenn Sie es absenden.',
    notFilled: 'Nichts wurde ausgefüllt',
    notFilledLede:
      'Schließen Sie diesen Tab und machen Sie im Chat weiter. Das Formular ist so, wie Sie es verlassen haben.',
  },
  fr: marked<LoginWords>({
    tag: 'fr',
    sandboxTag: 'test',
    onTo: (partner) => `Vers ${partner}`,
    onToLede: 'Vous vous connectez là-bas, puis vous choisissez ici ce qui va dans le formulaire du chat.',
    goOn: (partner) => `Continuer vers ${partner}`,
    came: (partner) => `Ce qui est venu de ${partner}`,
    pick: (brand) =>
      `Cochez ce qui doit aller dans le formulaire de votre chat avec ${brand}. Vous pouvez le modifier. ${brand} ne reçoit rien avant que vous n’envoyiez le formulaire.`,
    nothingFits: (partner) => `${partner} n’a rien donné qui convienne au formulaire.`,
    field: french.label,
    useIt: 'Utiliser :',
    asItStands: (field) => `${french.label(field)}, tel que cela doit y figurer`,
    useTicked: 'Utiliser ce qui est coché',
    useNothing: 'Ne rien utiliser',
    forgotten: 'Ce que vous n’utilisez pas est oublié aussitôt, et tout le reste après dix minutes.',
    filled: 'C’est dans le formulaire',
    filledLede:
      'Fermez cet onglet et continuez dans le chat. Vous pouvez encore tout y modifier ; l’envoi se fait quand vous envoyez.',
    notFilled: 'Rien n’a été rempli',
    notFilledLede: 'Fermez cet onglet et continuez dans le chat. Le formulaire est tel que vous l’avez laissé.',
  }),
};

/** The words of that tab for a reader, by the languages they want (i18n/spoken.ts). */
export const loginWords = (wanted: readonly string[]): LoginWords => words[languageFor(wanted)];
