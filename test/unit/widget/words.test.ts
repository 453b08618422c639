import { describe, expect, test } from 'vitest';
import type { Question } from '#contract/chat.ts';
import { type Field, fieldNames } from '#contract/visitor.ts';
import { loaderWords } from '../../../server/web/widget/loader-words.ts';
import { spoken, wordsFor } from '../../../server/web/widget/spoken.ts';
import { words as da } from '../../../server/web/widget/words/da.ts';
import { words as de } from '../../../server/web/widget/words/de.ts';
import { words as en, type Words } from '../../../server/web/widget/words/en.ts';
import { words as fr } from '../../../server/web/widget/words/fr.ts';

const others = [da, de, fr];
/** Words that two languages share: names, and what is the same word. */
const shared: Record<string, string[]> = {
  da: ['name', 'email', 'send', 'sendRating', 'colon'],
  de: ['name', 'email', 'colon'],
  fr: ['email'],
};

/** Every text that stands as it is, by where it stands. */
function texts(said: unknown, at = ''): [string, string][] {
  if (typeof said === 'string') return [[at, said]];
  if (typeof said !== 'object' || said === null) return [];
  return Object.entries(said).flatMap(([name, part]) => texts(part, at ? `${at}.${name}` : name));
}
const plain = (s: string) => s.replaceAll('\u2060', '').replace(/[\u00a0\u202f]/g, ' ');

const entry = { seq: 1, n: 1, conversation: 'c', at: '2026-11-22T14:06:00Z' };
const topic = { ...entry, integration: 'i', partner: 'HubSpot', purpose: 'CustomerCare' } as const;
const answered = (yes: Field[], no: Field[]) => ({ ...topic, kind: 'answered', yes, no, later: false }) as const;
const question = (fields: Field[], more: Partial<Question> = {}) =>
  ({
    ...topic,
    because: 'to open your case',
    fields: fields.map((field) => ({ field, label: field, because: 'to open your case', need: false })),
    ...more,
  }) as Question;

/** One text of each function, with the same names in it everywhere. */
const spokenOut = (w: Words): Record<string, string> => ({
  title: w.title('Harbor Motors'),
  noScript: w.noScript('Harbor Motors'),
  keeps: w.keeps('Harbor Motors'),
  onceMore: w.onceMore('HubSpot'),
  tooLong: w.tooLong(4001, 4000),
  fillFrom: w.fillFrom('HubSpot', true),
  from: w.from('HubSpot', true),
  filling: w.filling('HubSpot'),
  filled: w.filled('HubSpot'),
  back: w.back('Harbor Motors', 'x'),
  when: w.when(new Date(), 1),
  backThen: w.backThen('x'),
  badEmail: w.badEmail(false),
  badPhone: w.badPhone(false),
  mayRecord: w.mayRecord('Harbor Motors', 'x'),
  here: w.here('Maria'),
  writing: w.writing('Maria'),
  seen: w.seen(undefined),
  offline: w.offline(entry.at),
  newMessages: w.newMessages(4),
  masked: w.masked(['card', 'bank', 'social']),
  sending: w.files.sending('a.pdf'),
  endedVisitor: w.endedBy({ ...entry, kind: 'ended', by: 'visitor' }),
  endedAgent: w.endedBy({ ...entry, kind: 'ended', by: 'agent', name: 'Maria' }),
  mailed: w.mailed('ada@brandt.example'),
  rated: w.rated(4),
  myData: w.myData('Harbor Motors'),
  loadingQuestion: w.loadingQuestion('HubSpot'),
  noQuestion: w.noQuestion('HubSpot'),
  goneQuestion: w.goneQuestion('HubSpot'),
  mayGet: w.mayGet(question(['name', 'email'])),
  mayGetOne: w.mayGet(question(['email'])),
  mayAdd: w.mayGet(question(['company'], { receives: true })),
  conflict: w.conflict('HubSpot'),
  changedFields: w.changed(question([], { changed: { fields: ['company'] } })),
  changedWords: w.changed(question([], { changed: { words: true } })),
  laterHolds: w.laterHolds(answered([], [])),
  nothing: w.nothing(answered([], ['email'])),
  nothingAdded: w.nothing({ ...answered([], ['email']), receives: true }),
  done: w.done(answered(['email'], [])),
  doneByGuardian: w.done({ ...answered(['email'], []), by: 'guardian' }),
  added: w.done({ ...answered(['email'], []), receives: true }),
  notFields: w.notFields(['email', 'phone']),
  status: w.status(answered(['email'], ['phone'])),
  statusLater: w.status(answered([], [])),
  off: w.off('HubSpot'),
  stop: w.told({ ...entry, kind: 'keyword', word: 'stop' }),
  start: w.told({ ...entry, kind: 'keyword', word: 'start' }),
  help: w.told({ ...entry, kind: 'keyword', word: 'help' }),
  stoppedOne: w.stoppedToo({ stopped: 1, alreadyOut: 1 }),
  stoppedTwo: w.stoppedToo({ stopped: 2, alreadyOut: 0 }),
});

describe('DESIGN-5 the widget speaks the page’s language', () => {
  test.each(others)('nothing in $tag was left in English', (w) => {
    const same = (mine: [string, string][], english: [string, string][]) =>
      mine.filter(([at, text]) => english.some(([there, other]) => there === at && other === text)).map(([at]) => at);
    expect(same(texts(w), texts(en)).filter((at) => !shared[w.tag]?.includes(at))).toEqual([]);
    expect(same(Object.entries(spokenOut(w)), Object.entries(spokenOut(en)))).toEqual([]);
    for (const field of fieldNames) expect(w.yourFields([field])).not.toBe(en.yourFields([field]));
  });

  test.each([en, ...others])(
    'R45 $tag: who wrote END reads END; a line of before, without its word, reads STOP',
    (w) => {
      const stop = { ...entry, kind: 'keyword', word: 'stop' } as const;
      expect(w.told({ ...stop, wrote: 'END' })).toBe(w.told(stop).replace('STOP', 'END'));
      expect(w.told(stop)).toContain('STOP');
      expect(w.mailStopped).not.toContain('STOP');
    },
  );

  test.each([en, ...others])('UI-5 $tag: the address named as an example can be nobody’s (RFC 2606)', (w) =>
    expect(plain(w.badEmail(false))).toMatch(/\b(name|navn|nom)@example\.com\b/),
  );

  test.each([en, ...others])(
    'UI-5 $tag: no exclamation mark, the partner named, nothing left out of a sentence',
    (w) => {
      const all = [...texts(w), ...Object.entries(spokenOut(w))];
      expect(all.filter(([, text]) => !text.trim() || /!|undefined|NaN|GDPR|DSGVO|RGPD|[Cc]onsent/.test(text))).toEqual(
        [],
      );
      for (const name of ['mayGet', 'mayAdd', 'nothing', 'done', 'conflict', 'status', 'noQuestion', 'off'])
        expect(spokenOut(w)[name], name).toContain('HubSpot');
    },
  );

  test('the add-on’s English reason is in an English head alone', () => {
    expect(en.mayGet(question(['email']))).toContain('to open your case');
    for (const w of others) {
      expect(w.reasonInHead).toBe(false);
      expect(w.mayGet(question(['email']))).not.toContain('to open');
    }
  });

  test('numbers, plurals, sizes and lists are written as each language writes them', () => {
    expect(others.map((w) => [1, 2, 11].map((n) => plain(w.newMessages(n))))).toEqual([
      ['En ny besked.', 'To nye beskeder.', '11 nye beskeder.'],
      ['Eine neue Nachricht.', 'Zwei neue Nachrichten.', '11 neue Nachrichten.'],
      ['Un nouveau message.', 'Deux nouveaux messages.', '11 nouveaux messages.'],
    ]);
    expect(others.map((w) => plain(w.yourFields(['name', 'email', 'phone'])))).toEqual([
      'dit navn, din e-mail og dit telefonnummer',
      'Ihren Namen, Ihre E-Mail-Adresse und Ihre Telefonnummer',
      'votre nom, votre e-mail et votre numéro de téléphone',
    ]);
    expect(others.map((w) => w.files.size(2_400_000))).toEqual(['2,4 MB', '2,4 MB', '2,4 Mo']);
    expect(others.map((w) => w.country('US'))).toEqual(['USA', 'Vereinigte Staaten', 'États-Unis']);
    expect(others.map((w) => plain(w.tooLong(4001, 4000)).match(/4.?001/)?.[0])).toEqual(['4.001', '4.001', '4 001']);
    expect(plain(de.stoppedToo({ stopped: 1, alreadyOut: 0 }))).toBe(
      'Eine Sache, die noch wartete, wurde nicht gesendet.',
    );
  });

  test('R62 when the brand is back is said as people say it', () => {
    const at = new Date(2027, 0, 4, 9); // a Monday, in the zone of whoever runs this
    expect(others.map((w) => [0, 1, 3, 9].map((days) => plain(w.when(at, days))))).toEqual([
      ['i dag kl. 09.00', 'i morgen kl. 09.00', 'på mandag kl. 09.00', 'mandag den 4. januar kl. 09.00'],
      ['heute um 09:00 Uhr', 'morgen um 09:00 Uhr', 'am Montag um 09:00 Uhr', 'am Montag, 4. Januar, um 09:00 Uhr'],
      ['aujourd’hui à 09:00', 'demain à 09:00', 'lundi à 09:00', 'le lundi 4 janvier à 09:00'],
    ]);
  });

  test('French marks stay on the line of the word before them', () => {
    const all = [...texts(fr), ...Object.entries(spokenOut(fr))];
    expect(all.filter(([, text]) => / [?:;»]|« /.test(text))).toEqual([]);
  });

  test('the first wanted language that is spoken counts; none is English', () => {
    expect(wordsFor(['nl', 'da', 'de']).tag).toBe('da');
    expect(wordsFor(['ar', 'constructor']).tag).toBe('en');
    expect(wordsFor([]).tag).toBe('en');
    expect(loaderWords('de-AT', ['da']).with).toBe('Chat mit');
    expect(loaderWords('', ['nl', 'fr-CA']).with).toBe('Chat avec');
    expect(loaderWords('ar', ['constructor']).with).toBe('Chat with');
    expect(Object.keys(spoken).map((tag) => loaderWords(tag, []).tag)).toEqual(Object.keys(spoken));
  });
});
