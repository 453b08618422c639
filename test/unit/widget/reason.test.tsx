import { renderToString } from 'preact-render-to-string';
import { expect, test } from 'vitest';
import type { Question as Asked } from '#contract/chat.ts';
import { HubError } from '#contract/client.ts';
import { fileRefusals } from '#contract/file.ts';
import { words as de } from '../../../server/web/widget/words/de.ts';

// As the script of a language does, before the app is loaded.
globalThis.askfirstWords = { words: de };
const { Question } = await import('../../../server/web/widget/question.tsx');
const { refusalWords } = await import('../../../server/web/widget/files.ts');

const topic = { integration: 'i1', partner: 'HubSpot', purpose: 'CustomerRelationshipManagement' } as const;
const question: Asked = {
  ...topic,
  nonce: 'n',
  sandbox: false,
  because: 'to open your case',
  notice: 'HubSpot keeps the records.',
  noticeLang: 'en',
  recipient: { legalName: 'HubSpot, Inc.', address: 'Cambridge', countries: ['US'], retention: 'a year', policy: '' },
  fields: [{ field: 'email', label: 'E-mail', because: 'to open your case', need: true }],
};
const drawn = (part: Partial<Asked>, more = false) =>
  renderToString(
    <Question
      chat={{} as Parameters<typeof Question>[0]['chat']}
      topic={topic}
      id="q"
      asking={{ topic, again: false, step: 'open', question: { ...question, ...part }, saving: false, more }}
    />,
  );

test('DESIGN-5 an English reason stands beside the German question, marked as English', () => {
  const page = drawn({});
  expect(page).toMatch(/<legend>Darf HubSpot Ihre E-\u2060?Mail-Adresse erhalten\?/);
  expect(page).toContain('Wofür: <span lang="en">to open your case</span>.');
  expect(page).toContain('<span lang="en" dir="auto">HubSpot keeps the records.</span>');
});

test('DESIGN-5 a brand’s own German text takes its place; the facts below it are German, and the reason is in the details', () => {
  const own = {
    notice: 'HubSpot führt unsere Kundenkartei, um Ihre Anfrage zuzuordnen.',
    noticeLang: 'de',
    noticeFacts: { legalName: 'HubSpot, Inc.', address: 'Cambridge', countries: ['US'], retention: 'for a year' },
  };
  const page = drawn(own);
  expect(page).not.toContain('to open your case');
  expect(page).toContain(
    'HubSpot, Inc., Cambridge (Vereinigte Staaten). Aufbewahrung: <span lang="en">for a year</span>. Der Chat geht',
  );
  expect(drawn(own, true)).toContain('<span lang="en">to open your case</span>');
});

test('R62 what the hub refuses is refused in the page’s language', () => {
  const refused = (detail: string) =>
    refusalWords(new HubError(422, { type: '/problems/file-refused', title: '', status: 422, detail } as never));
  expect(refused(fileRefusals.pixels)).toBe(de.files.refusals.pixels);
  expect(refusalWords(new HubError(503))).toBe(de.cannotStore);
});
