import { fromLogin } from '#contract/visitor.ts';
import { mailedLinkWords } from '../i18n/mailed-link.ts';
import { inLanguage } from '../i18n/spoken.ts';
import type { Tx } from '../store/open.ts';
import { digest } from '../store/seal.ts';
import { valuesOf } from '../store/subjects.ts';
import { type AddressDeps, mailboxName, oneAddress } from './addresses.ts';
import { newOpener, type PreferenceDeps, type PreferenceReader, rememberReader } from './preferences.ts';

type Read = Pick<Tx, 'hot'>;
type Who = Pick<PreferenceReader, 'brandId' | 'subjectId'>;

/** How long a mailed code opens the page, milliseconds: a transcript is read later, a link is asked for to be used. */
const lifeMs = { transcript: 7 * 86_400_000, asked: 3_600_000 } as const;

/** The mail address a person gave themselves, in the chat or by a sign-in of theirs; undefined where somebody else did. */
export const givenMailbox = (d: Pick<PreferenceDeps, 'keys'>, read: Read, who: Who): string | undefined =>
  valuesOf(read, d.keys.of(read, who.brandId, who.subjectId), who.brandId, who.subjectId).find(
    ({ field, source }) => field === 'email' && (source === 'visitor' || source.startsWith(fromLogin)),
  )?.value;

/**
 * The address of a page that opens one person's data once, to be mailed to their own mailbox and to nobody else
 * (SECURITY.md HO7). `mailbox` is its keyed name.
 */
export function mailedHref(
  tx: Tx,
  d: { origin: string; now: () => Date },
  to: Who & { slug: string; mailbox: string },
  why: keyof typeof lifeMs,
): string {
  const code = newOpener(tx, d, to, 'mail', lifeMs[why]);
  return `${d.origin}/privacy/${encodeURIComponent(to.slug)}/prove/${code}`;
}

/**
 * Trades a mailed code for the cookie of the preference page, once, and notes that its reader reads that mailbox (R36);
 * nobody is merged by it. No cookie is made where this browser, `here`, came by this very code: a button pressed twice is
 * as once (SECURITY.md 4.8). Undefined for a used, old, foreign or made-up one, all alike.
 */
export function redeemMailedCode(
  d: PreferenceDeps,
  brandId: string,
  code: string,
  here: PreferenceReader | undefined,
): Promise<{ cookie?: string } | undefined> {
  const hash = digest(code);
  return d.store.write((tx) => {
    const now = d.now();
    const row = tx
      .hot(
        `update preference_session set used = 1 where hash = ? and kind = 'mail' and brand_id = ? and used = 0
         and expires_ms > ? returning subject_id, lookup_hmac`,
      )
      .get(hash, brandId, now.getTime());
    if (!row) {
      const was = tx
        .hot("select subject_id from preference_session where hash = ? and kind = 'mail' and brand_id = ?")
        .get(hash, brandId);
      return was && was.subject_id === here?.subjectId ? {} : undefined;
    }
    const subjectId = row.subject_id as string;
    tx.hot(
      `update identifier set verified_at = ? where brand_id = ? and kind = 'email' and lookup_hmac = ?
       and subject_id = ? and verified_at is null`,
    ).run(now.toISOString(), brandId, row.lookup_hmac as string, subjectId);
    return { cookie: rememberReader(tx, d, { brandId, subjectId }) };
  });
}

/** What mailing a link that somebody asked for needs. */
export interface LinkDeskDeps extends Pick<PreferenceDeps, 'store' | 'keys' | 'now'>, AddressDeps {
  /** The hub's own: addresses in mails are made from it, never from a request. */
  origin: string;
  mail(tx: Tx, to: string, subject: string, body: string, of: Who & { asked: boolean }): void;
  /** Told once a mail is stored. */
  told(): void;
  failed(error: unknown): void;
}

/** Takes requests for a link from whoever comes; nobody is told what becomes of them. */
export interface LinkDesk {
  /**
   * Asks for a link to an address. Returns at once and says nothing; the looking up and the mail come after the caller's
   * answer, so that it is the same for everybody, in time too (R36). `lang` and `wanted` are the reader's languages.
   */
  ask(brandId: string, address: string, reader: { lang: string | undefined; wanted: readonly string[] }): void;
  /** Resolves when what was asked for so far is done: for shutdown and tests. */
  settled(): Promise<void>;
}

/** Makes the desk. An address nobody gave leaves nothing behind. */
export function createLinkDesk(d: LinkDeskDeps): LinkDesk {
  const work = new Set<Promise<void>>();

  async function mailTo(...[brandId, address, { lang, wanted }]: Parameters<LinkDesk['ask']>): Promise<void> {
    // One transaction for known and unknown alike; without a change it writes nothing.
    const mailed = await d.store.write((tx) => {
      const mailbox = mailboxName(d.pepper, brandId, address);
      const found = readerOf(d, tx, brandId, mailbox);
      if (!found) return false;
      const brand = tx.hot('select name, slug from brand where id = ?').get(brandId);
      const who = { brandId, subjectId: found.subjectId };
      const href = mailedHref(tx, d, { ...who, slug: brand?.slug as string, mailbox }, 'asked');
      const words = mailedLinkWords(wanted);
      const name = brand?.name as string;
      d.mail(tx, found.to, words.title(name), words.body(name, inLanguage(href, lang)), { ...who, asked: true });
      return true;
    });
    if (mailed) d.told();
  }

  return {
    ask(...asked) {
      const job = new Promise((go) => setImmediate(go)).then(() => mailTo(...asked)).catch(d.failed);
      work.add(job);
      void job.then(() => work.delete(job));
    },
    settled: async () => {
      await Promise.all(work);
    },
  };
}

/**
 * Whose page a mailbox opens. Several may have typed the same address and are not one person to us: who showed before
 * that they read it goes first, then the newest, since that is the chat its reader has in mind. It is mailed as the
 * person gave it: an address that only looks the same after normalising may be another's mailbox.
 */
function readerOf(
  d: Pick<LinkDeskDeps, 'keys' | 'pepper'>,
  tx: Tx,
  brandId: string,
  mailbox: string,
): { subjectId: string; to: string } | undefined {
  const known = tx
    .hot(
      `select i.subject_id from identifier i join subject s on s.id = i.subject_id and s.brand_id = i.brand_id
       where i.brand_id = ? and i.kind = 'email' and i.lookup_hmac = ?
       order by i.verified_at is null, s.created_seq desc`,
    )
    .all(brandId, mailbox);
  for (const { subject_id } of known) {
    const subjectId = subject_id as string;
    const to = givenMailbox(d, tx, { brandId, subjectId });
    if (to && oneAddress.test(to) && mailboxName(d.pepper, brandId, to) === mailbox) return { subjectId, to };
  }
  return undefined;
}
