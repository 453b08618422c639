import type { Entry } from '#contract/chat.ts';
import type { Purpose } from '#contract/consent.ts';
import { problem } from '#contract/problem.ts';
import { readIdentityToken } from '../gate/identity-token.ts';
import { note } from '../store/audit.ts';
import { type Closure, closureOf, everyoneIn, raiseEpoch } from '../store/closure.ts';
import type { Tx } from '../store/open.ts';
import { lastType } from '../store/share-facts.ts';
import { makeSubject } from '../store/subjects.ts';
import { type AddressDeps, lookupOf } from './addresses.ts';
import type { OptOutDeps } from './opt-out.ts';
import { stopQueued } from './under-way.ts';

/** What recognising somebody needs. */
export interface MergeDeps extends OptOutDeps, AddressDeps {
  /** The key with which a brand signs who its customers are. */
  identityKey(brandId: string): Buffer;
}

/** Somebody in a chat. */
interface Here {
  brandId: string;
  subjectId: string;
}

/**
 * Takes the brand's signed claim for who is in this chat (R28, GATE.md k.10): the anonymous subject is merged into the
 * person the brand means, who is made where nobody was that yet, so that a yes said before signing in never counts for
 * them. The same claim again changes nothing. Raises `identity-refused` for an unsigned or bad claim, and
 * `signed-in-as-other` where this chat belongs to another person already: two people on one device are never merged.
 */
export async function identify(d: MergeDeps, who: Here, token: string): Promise<void> {
  const slug = d.store.read.hot('select slug from brand where id = ?').get(who.brandId)?.slug as string | undefined;
  if (!slug) problem('not-found');
  const account = await readIdentityToken(d.identityKey(who.brandId), token, { slug, now: d.now() });
  if (account === undefined) problem('identity-refused');
  const entries = await change(d, who.brandId, (tx) => {
    const before = closureOf(tx, who.brandId, who.subjectId);
    const person = verifiedPerson(tx, d, who.brandId, account);
    if (before.root === person) return undefined;
    if (before.root !== who.subjectId || verifiedHere(tx, who) || partedFrom(tx, who, person))
      problem('signed-in-as-other');
    return { ...merge(tx, d, who, person, 'verified'), actor: 'nobody', act: 'merged' };
  });
  d.publish(entries, who.brandId);
}

/** Runs one change of who is who: its leases die after the commit, and what was queued has been decided again. */
async function change(
  d: MergeDeps,
  brandId: string,
  job: (tx: Tx) => { touched: readonly string[]; entries: Entry[]; actor: string; act: string } | undefined,
): Promise<Entry[]> {
  const done = await d.store.write((tx) => {
    const made = job(tx);
    if (made) note(tx, d.now().getTime(), { brandId, actor: made.actor, act: made.act, detail: 'a person' });
    return made;
  });
  for (const subjectId of done?.touched ?? []) d.fence.cancel({ subjectId });
  return done?.entries ?? [];
}

/** True where the brand took this very merge back: it stays apart, and this browser begins anew (GATE.md k.10). */
const partedFrom = (tx: Tx, { brandId, subjectId }: Here, person: string): boolean =>
  tx
    .hot("select 1 as ok from link where brand_id = ? and subject_id = ? and root_id = ? and action = 'unlink'")
    .get(brandId, subjectId, person) !== undefined;

const verifiedHere = (tx: Tx, { brandId, subjectId }: Here): boolean =>
  tx
    .hot("select 1 as ok from identifier where brand_id = ? and subject_id = ? and kind = 'account'")
    .get(brandId, subjectId) !== undefined;

/** The person behind a brand's account name, made where there is none yet; only a keyed hash of the name is kept. */
function verifiedPerson(tx: Tx, d: MergeDeps, brandId: string, account: string): string {
  const lookup = lookupOf(d.pepper, brandId, 'account', account);
  const known = tx
    .hot("select subject_id from identifier where brand_id = ? and kind = 'account' and lookup_hmac = ?")
    .get(brandId, lookup);
  if (known) return known.subject_id as string;
  const id = d.ids();
  makeSubject(tx, d.keys, brandId, id);
  tx.hot(
    `insert into identifier (brand_id, kind, lookup_hmac, subject_id, verified_at) values (?, 'account', ?, ?, ?)`,
  ).run(brandId, lookup, id, d.now().toISOString());
  return id;
}

/** What both had said, for the merge's own row (GATE-24): types only, no value. */
function headsOf(tx: Tx, brandId: string, subjectId: string, root: string) {
  const machines = [subjectId, root].flatMap((id) =>
    tx
      .hot('select integration_id, purpose from consent_head where brand_id = ? and subject_id = ?')
      .all(brandId, id)
      .map((r) => ({ integrationId: r.integration_id as string, purpose: r.purpose as Purpose })),
  );
  const unique = [...new Map(machines.map((m) => [`${m.integrationId}|${m.purpose}`, m])).values()];
  const said = (id: string, m: (typeof unique)[number]) => lastType(tx, { brandId, subjectId: id, ...m }) ?? null;
  return unique.map((m) => ({ ...m, merged: said(subjectId, m), root: said(root, m) }));
}

/** Merges one subject into another inside the caller's transaction: a row of its own, both epochs, open screens die. */
function merge(tx: Tx, d: MergeDeps, who: Here, root: string, kind: 'verified' | 'operator') {
  const seq = linkRow(tx, d, who, root, kind, 'link');
  tx.hot('update subject set merged_into = ?, merged_seq = ?, epoch = epoch + 1 where id = ? and brand_id = ?').run(
    root,
    seq,
    who.subjectId,
    who.brandId,
  );
  tx.hot('update subject set linked = linked + 1 where id = ? and brand_id = ?').run(root, who.brandId);
  const closure = closureOf(tx, who.brandId, root);
  raiseEpoch(tx, who.brandId, closure);
  return { touched: [who.subjectId, root], entries: decideAgain(tx, d, who.brandId, closure) };
}

/**
 * Takes a merge back (GATE.md k.10): each answers for themselves again, as they had before; what was said meanwhile
 * stays with the person who was signed in. Raises `not-found` where nobody was merged here.
 */
export async function unmerge(d: MergeDeps, who: Here, actor: string): Promise<void> {
  const entries = await change(d, who.brandId, (tx) => {
    const { root } = closureOf(tx, who.brandId, who.subjectId);
    if (root === who.subjectId) problem('not-found');
    linkRow(tx, d, who, root, 'operator', 'unlink');
    tx.hot(
      'update subject set merged_into = null, merged_seq = null, epoch = epoch + 1 where id = ? and brand_id = ?',
    ).run(who.subjectId, who.brandId);
    tx.hot('update subject set linked = linked - 1 where id = ? and brand_id = ?').run(root, who.brandId);
    const both = [root, who.subjectId].map((id) => closureOf(tx, who.brandId, id));
    for (const one of both) raiseEpoch(tx, who.brandId, one);
    const again = both.flatMap((one) => decideAgain(tx, d, who.brandId, one));
    return { touched: [who.subjectId, root], entries: again, actor, act: 'unmerged' };
  });
  d.publish(entries, who.brandId);
}

function linkRow(
  tx: Tx,
  d: MergeDeps,
  { brandId, subjectId }: Here,
  root: string,
  kind: 'verified' | 'operator',
  action: 'link' | 'unlink',
): number {
  const heads = JSON.stringify(headsOf(tx, brandId, subjectId, root));
  const seq = tx.seq();
  tx.hot(
    'insert into link (id, brand_id, subject_id, root_id, kind, action, heads_json, seq) values (?, ?, ?, ?, ?, ?, ?, ?)',
  ).run(d.ids(), brandId, subjectId, root, kind, action, heads, seq);
  return seq;
}

/** Every queued share of a person once more: what the gate denies now is finished (I2). */
function decideAgain(tx: Tx, d: MergeDeps, brandId: string, closure: Closure): Entry[] {
  const waiting = everyoneIn(closure).flatMap((id) =>
    tx
      .hot(
        "select distinct integration_id, purpose from share where brand_id = ? and subject_id = ? and state = 'queued'",
      )
      .all(brandId, id),
  );
  return waiting.flatMap((row) =>
    stopQueued(tx, d, {
      brandId,
      subjectId: closure.root,
      integrationId: row.integration_id as string,
      purpose: row.purpose as Purpose,
    }),
  );
}

/**
 * Signs a visitor out of this browser: its token, its open screens and its preference pages end, so that whoever uses
 * the device next is somebody new (GATE.md k.11). What was said stays with the person who said it.
 */
export async function signOut(d: MergeDeps, who: Here & { tokenHash: string }): Promise<void> {
  await d.store.write((tx) => {
    tx.hot('delete from visitor_token where token_hash = ? and brand_id = ?').run(who.tokenHash, who.brandId);
    tx.hot('delete from ui_nonce where brand_id = ? and subject_id = ?').run(who.brandId, who.subjectId);
    tx.hot('delete from preference_session where brand_id = ? and subject_id = ?').run(who.brandId, who.subjectId);
  });
}
