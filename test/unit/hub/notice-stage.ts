import type { Question } from '#contract/chat.ts';
import type { Manifest } from '#contract/connection.ts';
import { publishManifest, publishNotice } from '../../../server/consent/notices.ts';
import type { Client } from '../../support/people-at.ts';
import { type Chat, care, crm, type Stage } from './stage.ts';

/** The words these tests write, by language; both purposes get the same. */
export const english = 'HubSpot keeps your record, so that we know you when you write again.';
export const german = 'HubSpot führt Ihre Kundenakte, damit wir Sie wiedererkennen.';

const hidden = (html: string, name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';

/** The editor as a person presses it, without script. */
export function openEditor({ maria, integration }: Stage, who: Client = maria) {
  const address = (purpose = crm, id = integration) => `/console/notice/text/${id}/${purpose}`;
  const html = async (path: string) => (await who.get(path)).text();
  /** Connecting renews the session, and its field with it. */
  const submit = async (path: string, fields: Record<string, string> = {}) =>
    who.submit(path, { csrf: hidden(await html('/console/notice'), 'csrf'), ...fields });
  /** A tab: what its form was drawn from stays with it. */
  const openTab = async (purpose = crm) => {
    const seen = hidden(await html(address(purpose)), 'seen');
    return (texts: Record<string, string>, more: Record<string, string> = {}) => {
      const fields = Object.fromEntries(Object.entries(texts).map(([lang, text]) => [`text-${lang}`, text]));
      return submit(address(purpose), { seen, ...fields, ...more });
    };
  };
  const editor = {
    address,
    html,
    submit,
    openTab,
    write: async (texts: Record<string, string>, purpose = crm) => (await openTab(purpose))(texts),
    language: (lang: string, answer = 'add') => submit('/console/notice/language', { lang, answer }),
    discard: () => submit('/console/notice/discard'),
    plan: () => html('/console/notice/publish'),
    /** Publishes what the page shows now, or what an older page showed. */
    publish: async (page?: string) =>
      submit('/console/notice/publish', { seen: hidden(page ?? (await editor.plan()), 'seen') }),
    /** Every purpose in English and German, published. */
    async inGerman() {
      await editor.language('de');
      for (const purpose of [crm, care]) await editor.write({ en: english, de: german }, purpose);
      return editor.publish();
    },
  };
  return editor;
}

/** The question in the language of the page the widget stands on. */
export async function questionIn(chat: Chat, { integration }: Stage, lang: string, purpose = crm) {
  return (await chat.ada.say('/api/chat/question', { integration, purpose, lang })) as unknown as {
    status: number;
    body: Question;
  };
}

/** Answers it in that language. */
export async function answerIn(
  chat: Chat,
  stage: Stage,
  lang: string,
  answers: Record<string, 'yes' | 'no'>,
  purpose = crm,
) {
  const { body } = await questionIn(chat, stage, lang, purpose);
  return (await chat.ada.say('/api/chat/answer', { nonce: body.nonce, answers })) as unknown as {
    status: number;
    body: { receipt?: string };
  };
}

/** What would become of each field now, by rule. */
export const rulesOf = async (chat: Chat, purpose = crm): Promise<Record<string, string>> =>
  Object.fromEntries((await chat.preview(purpose)).body.rows.map((r) => [r.field, r.rule]));

/** HubSpot's declaration changes, as with a newer add-on after a reconnect. */
export const redeclare = ({ door }: Stage, change: (m: Manifest) => Manifest) =>
  door.store.write((tx) => {
    const row = tx.hot('select m.body_json from integration i join manifest m on m.hash = i.manifest_hash').get();
    const at = new Date().toISOString();
    const hash = publishManifest(tx, 'harbor-motors', change(JSON.parse(row?.body_json as string)), at);
    tx.hot('update integration set manifest_hash = ?').run(hash);
    publishNotice(tx, 'harbor-motors', at);
  });

/** Everything an editor's refused request must leave alone. */
export const kept = ({ door }: Stage) =>
  ['notice', 'notice_draft', 'ledger_leaf', 'audit'].map((table) =>
    door.store.read.hot(`select * from ${table}`).all(),
  );
