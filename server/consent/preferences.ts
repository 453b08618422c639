import { problem } from '#contract/problem.ts';
import type { Store, Tx } from '../store/open.ts';
import { digest, newToken } from '../store/seal.ts';
import { makeSubject, type SubjectKeys } from '../store/subjects.ts';

/** A code from the chat lives two minutes; a browser is remembered for a day. Milliseconds. */
const codeMs = 2 * 60_000;
/** How long the preference page knows a browser that came from the chat. */
export const rememberedMs = 24 * 3_600_000;

/** What the preference page's sessions need. */
export interface PreferenceDeps {
  store: Store;
  keys: SubjectKeys;
  now: () => Date;
  ids: () => string;
}

/** Whose choices a browser may see and change; nothing else can be reached with it. */
export interface PreferenceReader {
  brandId: string;
  subjectId: string;
  sessionHash: string;
}

/**
 * Makes something that opens one person's page: a code of the chat, one that is mailed (with the keyed name of its
 * mailbox), or a browser's cookie. Only its digest is stored; what ended by now is deleted.
 */
export function newOpener(
  tx: Tx,
  d: Pick<PreferenceDeps, 'now'>,
  to: { brandId: string; subjectId: string; mailbox?: string },
  kind: 'code' | 'mail' | 'session',
  lifeMs: number,
): string {
  const opener = newToken();
  const now = d.now().getTime();
  tx.hot('delete from preference_session where expires_ms < ?').run(now);
  tx.hot(
    `insert into preference_session (hash, kind, brand_id, subject_id, expires_ms, used, lookup_hmac)
     values (?, ?, ?, ?, ?, 0, ?)`,
  ).run(digest(opener), kind, to.brandId, to.subjectId, now + lifeMs, to.mailbox ?? null);
  return opener;
}

/** A one-time code with which the chat's visitor opens the preference page in a new tab (DESIGN.md 5). */
export const newPreferenceCode = (d: PreferenceDeps, who: { brandId: string; subjectId: string }): Promise<string> =>
  d.store.write((tx) => newOpener(tx, d, who, 'code', codeMs));

/** Trades a code for the cookie of the preference page. Raises `link-used` for a used, old or foreign one. */
export function redeemPreferenceCode(d: PreferenceDeps, brandId: string, code: string): Promise<string> {
  return d.store.write((tx) => {
    const row = tx
      .hot(
        `update preference_session set used = 1 where hash = ? and kind = 'code' and brand_id = ? and used = 0
         and expires_ms > ? returning subject_id`,
      )
      .get(digest(code), brandId, d.now().getTime());
    if (!row) problem('link-used');
    return rememberReader(tx, d, { brandId, subjectId: row.subject_id as string });
  });
}

/** A new browser that speaks for this person, for a day; returns its cookie. */
export const rememberReader = (
  tx: Tx,
  d: Pick<PreferenceDeps, 'now'>,
  who: { brandId: string; subjectId: string },
): string => newOpener(tx, d, who, 'session', rememberedMs);

/** Whom this browser's cookie speaks for at this brand; undefined for a browser the hub does not know. */
export function preferenceReader(
  d: PreferenceDeps,
  brandId: string,
  cookie: string | undefined,
): PreferenceReader | undefined {
  if (!cookie) return undefined;
  const hash = digest(cookie);
  const row = d.store.read
    .hot(
      "select subject_id from preference_session where hash = ? and kind = 'session' and brand_id = ? and expires_ms > ?",
    )
    .get(hash, brandId, d.now().getTime());
  return row && { brandId, subjectId: row.subject_id as string, sessionHash: hash };
}

/**
 * A browser the hub does not know wants to choose: it becomes a person of its own, without any value, and its choices
 * hold for it alone. Until it chooses nothing is stored (R57 in spirit).
 */
export function newPreferenceReader(
  d: PreferenceDeps,
  brandId: string,
): Promise<PreferenceReader & { cookie: string }> {
  return d.store.write((tx) => {
    const subjectId = d.ids();
    makeSubject(tx, d.keys, brandId, subjectId);
    const cookie = rememberReader(tx, d, { brandId, subjectId });
    return { brandId, subjectId, sessionHash: digest(cookie), cookie };
  });
}
