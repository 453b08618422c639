import { declaredFor, type Manifest } from '#contract/connection.ts';
import type { Purpose } from '#contract/consent.ts';
import { problem } from '#contract/problem.ts';
import { jcsHash } from '../gate/digest.ts';
import { manifestHash, missingFacts, noticeBlockHash } from '../gate/manifest.ts';
import { country, purposeWords } from '../i18n/en.ts';
import type { Tx } from '../store/open.ts';
import { currentNotice, type NoticeBlock } from '../store/share-facts.ts';

/** Publishes a manifest (content-addressed, never edited). Raises `bad-input` naming the facts it lacks (R14, D04). */
export function publishManifest(tx: Tx, brandId: string, manifest: Manifest, at: string): string {
  const missing = missingFacts(manifest);
  if (missing.length > 0) problem('bad-input', `${manifest.name} cannot be listed without: ${missing.join(', ')}.`);
  return keepManifest(tx, brandId, manifest, at);
}

/** Keeps a manifest under its hash, as one that is already published and now says less; an empty one shares nothing. */
export function keepManifest(tx: Tx, brandId: string, manifest: Manifest, at: string): string {
  const hash = manifestHash(manifest);
  tx.hot(
    `insert into manifest (hash, brand_id, provider, body_json, published_at) values (?, ?, ?, ?, ?)
     on conflict (brand_id, hash) do nothing`,
  ).run(hash, brandId, manifest.provider, JSON.stringify(manifest), at);
  return hash;
}

/**
 * The words of one block. They name recipient, place, purpose and time, and no field: a field added later must not
 * make the old yes to another field stale (GATE.md k.2); each field's own words are in its declaration.
 */
function blockOf(integration: string, purpose: Purpose, m: Manifest, brand: string): NoticeBlock {
  const { legalName, address, countries } = m.recipient;
  const place = countries.map(country).join(', ');
  const who = `${legalName}, ${address} (${place})`;
  const ai = m.ai ? 'It uses AI to work on it. ' : '';
  const text = declaredFor(m, purpose).some((f) => f.receives)
    ? `What ${who}, knows of you may be added to what ${brand} knows, where you say yes to it here. It is shown with its source, never sent on, and deleted when you take your yes back. The chat goes on either way.`
    : `${who}, may get what you say yes to here at ${brand}, for ${purposeWords[purpose]}. ${ai}Kept ${m.retention}. The chat goes on either way.`;
  return { integration, purpose, text, hash: noticeBlockHash({ integration, purpose, lang: 'en', body: text }) };
}

/** Publishes the brand's notice made of one block for each active connection and purpose; the same notice is kept. */
export function publishNotice(tx: Tx, brandId: string, at: string): string {
  const brand = tx.hot('select name from brand where id = ?').get(brandId)?.name as string;
  const rows = tx
    .hot(
      `select i.id, m.body_json from integration i join manifest m on m.brand_id = i.brand_id and m.hash = i.manifest_hash
       where i.brand_id = ? and i.connection = 'active' order by i.id`,
    )
    .all(brandId);
  const blocks = rows.flatMap((row) => {
    const manifest = JSON.parse(row.body_json as string) as Manifest;
    const purposes = [...new Set(manifest.fields.map((f) => f.purpose))];
    return purposes.map((purpose) => blockOf(row.id as string, purpose, manifest, brand));
  });
  const hash = jcsHash({ lang: 'en', blocks });
  if (currentNotice(tx, brandId)?.hash === hash) return hash;
  const seq = tx.seq();
  // A notice whose content comes back (connect, disconnect, connect) is a version of its own: the hash carries its seq.
  const version = tx.hot('select 1 as ok from notice where brand_id = ? and hash = ?').get(brandId, hash)
    ? jcsHash({ lang: 'en', blocks, again: seq })
    : hash;
  tx.hot(
    'insert into notice (hash, brand_id, lang, body_json, published_seq, published_at) values (?, ?, ?, ?, ?, ?)',
  ).run(version, brandId, 'en', JSON.stringify({ blocks }), seq, at);
  tx.hot('delete from ui_nonce where brand_id = ?').run(brandId); // a nonce dies when the notice changes (GATE.md c)
  return version;
}
