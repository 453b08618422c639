import { say } from '../../../../i18n/de.ts';
import type { RightsWords } from './en.ts';

/** Correcting and being forgotten in German, with "Sie". */
export const rights: RightsWords = {
  skip: 'Zum Text',
  head: 'Was wir über Sie haben',
  lede: 'Berichtigen Sie, was falsch ist: Es gilt sofort, und wer es von uns erhielt, erfährt es.',
  nothing: 'Wir haben weder Ihren Namen noch eine Adresse von Ihnen.',
  correct: 'Berichtigen',
  fix: {
    wrong: 'Das kann hier nicht stehen, deshalb wurde nichts geändert. Bitte sehen Sie es noch einmal an.',
    failed: 'Das ließ sich nicht speichern. Nichts wurde geändert; bitte versuchen Sie es in einer Minute noch einmal.',
    same: 'So steht es hier schon.',
  },
  asked: 'Worum Sie gebeten haben',
  kind: (r) =>
    r.kind === 'erase' ? 'Vergessen werden' : `Berichtigung: ${r.field ? say.label(r.field) : 'Ihre Daten'}`,
  state: { open: 'in Arbeit', done: 'erledigt', partly: 'teilweise erledigt' },
  status: {
    open: 'Das ist in Arbeit.',
    done: 'Das ist erledigt.',
    partly: 'Das ist abgeschlossen, aber nicht alle konnten es erfahren. Der Grund steht unten.',
  },
  hereHead: (brand) => `Bei ${brand}`,
  hereDone: { correct: 'Der neue Wert gilt, der alte ist weg.', erase: 'Alles über Sie ist gelöscht.' },
  hereOpen: 'Nichts über Sie geht mehr hinaus. Es wird gelöscht, sobald nichts mehr unterwegs ist.',
  proof: ['Es steht als ', ' im signierten Protokoll, das niemanden nennt.'],
  row: (n) => `Zeile ${n}`,
  others: 'Wer es von uns erhielt',
  nobody: 'Niemand erhielt das von uns, also erfährt es niemand.',
  waiting: (brand, when) => `erfährt es von ${brand}, bis ${when}.`,
  told: {
    correct: {
      done: 'ist auf dem neuen Stand.',
      noWay: 'bietet keinen Weg, den neuen Wert zu erfahren.',
      refused: (reason) => `wird nicht geändert: ${reason}`,
    },
    erase: {
      done: 'hat es gelöscht.',
      noWay: 'bietet keinen Weg, es löschen zu lassen.',
      refused: (reason) => `behält es: ${reason}`,
    },
  },
  notTold: (reason) => `erhält den neuen Wert nicht. ${reason}`,
  clock: 'Wann, und wen Sie fragen können',
  received: (day, due) => `Eingegangen: ${day}, fällig bis Ende ${due}.`,
  keep: 'Bewahren Sie die Adresse dieser Seite auf: Nichts sonst führt zu ihr zurück.',
  complain: [
    'Fragen, oder nicht zufrieden? Schreiben Sie an ',
    '. Sie können sich auch bei Ihrer Datenschutzbehörde beschweren.',
  ],
  back: 'Zurück zu Ihren Daten',
  forget: {
    head: 'Vergessen werden',
    lede: 'Dann wird hier alles über Sie gelöscht, und wer etwas von uns erhielt, erfährt, dass es auch dort zu löschen ist.',
    go: 'Vergessen werden',
    title: (brand) => `Bei ${brand} vergessen werden?`,
    means: [
      'Ihre Chats, Dateien, Antworten und alles andere über Sie hier werden sofort gelöscht. Das lässt sich nicht rückgängig machen.',
      'Ein Chat, der jetzt offen ist, endet.',
    ],
    told: {
      api: (partner) => `${partner} wird aufgefordert zu löschen, was dort ankam.`,
      manual: (partner, brand) => `${partner} wird von ${brand} aufgefordert zu löschen, was dort ankam.`,
      none: (partner) => `${partner} behält, was dort ankam: Es gibt keinen Weg, es löschen zu lassen.`,
    },
    nobody: 'Niemand erhielt etwas über Sie von uns, also erfährt es niemand.',
    stays:
      'Was bleibt: Zeilen des Protokolls, die niemanden nennen, und, wenn Sie zu jemandem Nein sagten, eine verschlüsselte Marke Ihrer Adresse, damit Ihr Nein gilt.',
    sure: 'Mich vergessen',
    leave: 'Nichts tun',
  },
};
