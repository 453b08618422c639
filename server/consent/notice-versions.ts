import type { Manifest } from '#contract/connection.ts';
import type { Purpose } from '#contract/consent.ts';
import type { Tx } from '../store/open.ts';
import { type NoticeBlock, sameTopic } from '../store/share-facts.ts';
import type { Unpublished } from './notices.ts';

type Read = Pick<Tx, 'hot'>;

/** Which version of its brand's notice a hash names: a number from 1, its time, and where its words are read (R24). */
export function noticeVersion(
  read: Read,
  brandId: string,
  hash: string,
): { version: number; at: string; href: string } | undefined {
  const row = read
    .hot(
      `select n.published_at as at, b.slug, (select count(distinct o.published_seq) from notice o
       where o.brand_id = n.brand_id and o.published_seq <= n.published_seq) as version
       from notice n join brand b on b.id = n.brand_id where n.brand_id = ? and n.hash = ?`,
    )
    .get(brandId, hash);
  return row && { version: row.version as number, at: row.at as string, href: `/privacy/${row.slug}/notices/${hash}` };
}

/** One text that differs between two versions. */
export interface TextChange {
  integration: string;
  partner: string;
  purpose: Purpose;
  lang: string;
  change: 'new' | 'changed' | 'removed';
  before?: string;
  after?: string;
}

/** Every text that differs from one version to the next, by connection, purpose and language. */
export function changesBetween(
  before: readonly Unpublished[],
  after: readonly Unpublished[],
  partner: (integration: string) => string,
): TextChange[] {
  const langs = [...new Set([...after, ...before].map((t) => t.lang))];
  return langs.flatMap((lang) => {
    const old = before.find((t) => t.lang === lang)?.blocks ?? [];
    const now = after.find((t) => t.lang === lang)?.blocks ?? [];
    const topics = [...now, ...old.filter((b) => !now.some(sameTopic(b.integration, b.purpose)))];
    return topics.flatMap(({ integration, purpose }): TextChange[] => {
      const was: NoticeBlock | undefined = old.find(sameTopic(integration, purpose));
      const is: NoticeBlock | undefined = now.find(sameTopic(integration, purpose));
      if (was?.hash === is?.hash) return [];
      const change = !was ? 'new' : is ? 'changed' : 'removed';
      const words = { ...(was ? { before: was.text } : {}), ...(is ? { after: is.text } : {}) };
      return [{ integration, partner: partner(integration), purpose, lang, change, ...words }];
    });
  });
}

/** Names of a brand's partners by connection, disconnected ones too. */
export function partnersOf(read: Read, brandId: string): (integration: string) => string {
  const rows = read
    .hot(
      `select i.id, m.body_json from integration i join manifest m on m.brand_id = i.brand_id and m.hash = i.manifest_hash
       where i.brand_id = ?`,
    )
    .all(brandId);
  const names = new Map(rows.map((r) => [r.id as string, (JSON.parse(r.body_json as string) as Manifest).name]));
  return (integration) => names.get(integration) ?? 'A partner';
}

/** One version as the console lists it. */
export interface NoticeVersion {
  version: number;
  at: string;
  /** `user:<id>`; absent where the hub published because a connection changed. */
  by?: string;
  langs: { lang: string; hash: string }[];
  changes: TextChange[];
}

/** The newest versions, newest first, at most `limit`, each with what changed from the one before. */
export function versionsOf(read: Read, brandId: string, limit: number): NoticeVersion[] {
  const total = read.hot('select count(distinct published_seq) as n from notice where brand_id = ?').get(brandId)
    ?.n as number;
  const rows = read
    .hot(
      `select * from notice where brand_id = ? and published_seq in (select distinct published_seq from notice
       where brand_id = ? order by published_seq desc limit ?) order by published_seq desc, lang`,
    )
    .all(brandId, brandId, limit + 1);
  const partner = partnersOf(read, brandId);
  const seqs = [...new Set(rows.map((r) => r.published_seq))];
  const textsOf = (seq: unknown) =>
    rows
      .filter((r) => r.published_seq === seq)
      .map((r) => ({ lang: r.lang as string, blocks: bodyOf(r).blocks, hash: r.hash as string }));
  return seqs.slice(0, limit).map((seq, n): NoticeVersion => {
    const texts = textsOf(seq);
    const first = rows.find((r) => r.published_seq === seq) as Record<string, unknown>;
    const { by } = bodyOf(first);
    return {
      version: total - n,
      at: first.published_at as string,
      ...(by ? { by } : {}),
      langs: texts.map(({ lang, hash }) => ({ lang, hash })),
      changes: changesBetween(textsOf(seqs[n + 1]), texts, partner),
    };
  });
}

const bodyOf = (row: Record<string, unknown>) =>
  JSON.parse(row.body_json as string) as { blocks: NoticeBlock[]; by?: string };
