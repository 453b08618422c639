import type { RequestView } from '#contract/rights.ts';
import { visitorFields } from '#contract/visitor.ts';
import type { Around } from '../around.ts';

const around: Record<'proof' | 'complain', Around> = {
  proof: ['It stands as ', ' in the signed ledger, which names nobody.'],
  complain: ['Questions, or not content? Write to ', '. You may also complain to your data protection authority.'],
};

/** What a visitor reads about correcting and being forgotten (R37, R40, R42). */
export const rights = {
  skip: 'Skip to the text',
  head: 'What we hold about you',
  lede: 'Correct what is wrong here: it counts at once, and whoever got it from us is told.',
  nothing: 'We hold no name and no address of yours.',
  correct: 'Correct',
  fix: {
    wrong: 'This cannot stand here, so nothing was changed. Please look at it once more.',
    failed: 'This could not be saved. Nothing has changed; please try again in a minute.',
    same: 'It stands here like this already.',
  },
  asked: 'What you asked for',
  kind: (r: Pick<RequestView, 'kind' | 'field'>): string =>
    r.kind === 'erase' ? 'To be forgotten' : `Your ${r.field ? visitorFields[r.field].label : 'data'}, corrected`,
  state: { open: 'under way', done: 'done', partly: 'done in part' },
  status: {
    open: 'This is under way.',
    done: 'This is done.',
    partly: 'This is over, and not everybody could be told. The reason stands below.',
  },
  hereHead: (brand: string) => `At ${brand}`,
  hereDone: {
    correct: 'The new value counts, and the old one is gone.',
    erase: 'Everything about you is deleted.',
  },
  hereOpen: 'Nothing about you leaves any more. It is deleted as soon as nothing is on its way.',
  proof: around.proof,
  row: (n: number) => `row ${n}`,
  others: 'Who got it from us',
  nobody: 'Nobody got this from us, so nobody is told.',
  waiting: (brand: string, when: string) => `is to be told by ${brand}, by ${when}.`,
  told: {
    correct: {
      done: 'is updated.',
      noWay: 'offers no way to be told of the new value.',
      refused: (reason: string) => `is not updated: ${reason}`,
    },
    erase: {
      done: 'deleted it.',
      noWay: 'offers no way to have it deleted.',
      refused: (reason: string) => `keeps it: ${reason}`,
    },
  },
  notTold: (reason: string) => `does not get the new value. ${reason}`,
  clock: 'When, and whom to ask',
  received: (day: string, due: string) => `Received on ${day}, due by the end of ${due}.`,
  keep: 'Keep the address of this page: nothing else leads back to it.',
  complain: around.complain,
  back: 'Back to your data',
  forget: {
    head: 'Be forgotten',
    lede: 'Then everything about you here is deleted, and whoever got something from us is told to delete it, too.',
    go: 'Be forgotten',
    title: (brand: string) => `Be forgotten at ${brand}?`,
    means: [
      'Your chats, files, answers and everything else about you here are deleted at once. It cannot be undone.',
      'A chat that is open now ends.',
    ],
    told: {
      api: (partner: string, _brand: string) => `${partner} is told to delete what it got.`,
      manual: (partner: string, brand: string) => `${partner} is told by ${brand} to delete what it got.`,
      none: (partner: string, _brand: string) => `${partner} keeps what it got: it offers no way to have it deleted.`,
    },
    nobody: 'Nobody got anything about you from us, so nobody is told.',
    stays:
      'What stays: rows of the ledger that name nobody, and, if you said no to somebody, a keyed mark of your address, so that your no holds.',
    sure: 'Forget me',
    leave: 'Leave it',
  },
};

/** What every other language has to say of it. */
export type RightsWords = typeof rights;
