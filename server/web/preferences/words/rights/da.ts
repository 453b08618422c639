import { say } from '../../../../i18n/da.ts';
import type { RightsWords } from './en.ts';

/** Correcting and being forgotten in Danish. */
export const rights: RightsWords = {
  skip: 'Gå til teksten',
  head: 'Det, vi har om dig',
  lede: 'Ret det, der er forkert: Det gælder straks, og den, der fik det fra os, får besked.',
  nothing: 'Vi har hverken dit navn eller nogen adresse på dig.',
  correct: 'Ret',
  fix: {
    wrong: 'Det kan ikke stå her, så intet blev ændret. Se på det en gang til.',
    failed: 'Det kunne ikke gemmes. Intet er ændret; prøv igen om et minut.',
    same: 'Sådan står det her allerede.',
  },
  asked: 'Det, du har bedt om',
  kind: (r) => (r.kind === 'erase' ? 'At blive glemt' : `Rettelse: ${r.field ? say.your([r.field]) : 'dine data'}`),
  state: { open: 'i gang', done: 'gjort', partly: 'delvist gjort' },
  status: {
    open: 'Det er i gang.',
    done: 'Det er gjort.',
    partly: 'Det er afsluttet, men ikke alle kunne få besked. Grunden står nedenfor.',
  },
  hereHead: (brand) => `Hos ${brand}`,
  hereDone: { correct: 'Den nye værdi gælder, og den gamle er væk.', erase: 'Alt om dig er slettet.' },
  hereOpen: 'Intet om dig gives videre mere. Det slettes, så snart intet er undervejs.',
  proof: ['Det står som ', ' i den underskrevne protokol, som ikke nævner nogen.'],
  row: (n) => `række ${n}`,
  others: 'Dem, der fik det fra os',
  nobody: 'Ingen fik dette fra os, så ingen får besked.',
  waiting: (brand, when) => `får besked af ${brand}, senest ${when}.`,
  told: {
    correct: {
      done: 'er opdateret.',
      noWay: 'kan ikke få besked om den nye værdi.',
      refused: (reason) => `opdateres ikke: ${reason}`,
    },
    erase: {
      done: 'har slettet det.',
      noWay: 'giver ingen mulighed for at få det slettet.',
      refused: (reason) => `beholder det: ${reason}`,
    },
  },
  notTold: (reason) => `får ikke den nye værdi. ${reason}`,
  clock: 'Hvornår, og hvem du kan spørge',
  received: (day, due) => `Modtaget ${day}, skal være gjort senest ${due}.`,
  keep: 'Gem adressen på denne side: Intet andet fører tilbage til den.',
  complain: ['Spørgsmål, eller ikke tilfreds? Skriv til ', '. Du kan også klage til dit lands datatilsyn.'],
  back: 'Tilbage til dine data',
  forget: {
    head: 'Bliv glemt',
    lede: 'Så slettes alt om dig her, og den, der fik noget fra os, får besked på også at slette det.',
    go: 'Bliv glemt',
    title: (brand) => `Vil du glemmes hos ${brand}?`,
    means: [
      'Dine samtaler, filer, svar og alt andet om dig her slettes straks. Det kan ikke fortrydes.',
      'En samtale, der er åben nu, slutter.',
    ],
    told: {
      api: (partner) => `${partner} får besked på at slette det, de fik.`,
      manual: (partner, brand) => `${partner} får besked af ${brand} på at slette det, de fik.`,
      none: (partner) => `${partner} beholder det, de fik: De giver ingen mulighed for at få det slettet.`,
    },
    nobody: 'Ingen har fået noget om dig fra os, så ingen får besked.',
    stays:
      'Tilbage bliver rækker i protokollen, som ikke nævner nogen, og, hvis du sagde nej til nogen, et nøglet mærke af din adresse, så dit nej gælder.',
    sure: 'Glem mig',
    leave: 'Lad være',
  },
};
