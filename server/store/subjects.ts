import { randomBytes } from 'node:crypto';
import type { Field } from '#contract/visitor.ts';
import { type Closure, everyoneIn } from './closure.ts';
import type { Tx } from './open.ts';
import { deriveKey, mac, seal, unseal } from './seal.ts';

type Read = Pick<Tx, 'hot'>;

/** Keys of subjects (GATE.md f, K_s): 32 random bytes each, wrapped by the hub's key-encryption key, deletable. */
export interface SubjectKeys {
  /** Makes and stores the key of a new subject. */
  make(tx: Tx, brandId: string, subjectId: string): Buffer;
  /** The key; throws when the subject has none (erased, or never was). */
  of(read: Read, brandId: string, subjectId: string): Buffer;
  /** The keyed name of a partner's record within one brand and connection: found again, and readable by nobody. */
  record(brandId: string, integrationId: string, record: string): string;
}

const place = (brandId: string, subjectId: string) => `subject-key|${brandId}|${subjectId}`;

/** Keys under one key-encryption key; unwrapped keys are not kept, so that deleting the row is enough. */
export function subjectKeys(kek: Buffer): SubjectKeys {
  const recordKey = deriveKey(kek, 'records');
  return {
    record: (...named) => mac(recordKey, JSON.stringify(named)),
    make(tx, brandId, subjectId) {
      const key = randomBytes(32);
      tx.hot('insert into subject_key (subject_id, brand_id, wrapped_key) values (?, ?, ?)').run(
        subjectId,
        brandId,
        seal(kek, place(brandId, subjectId), key),
      );
      return key;
    },
    of(read, brandId, subjectId) {
      const row = read
        .hot('select wrapped_key from subject_key where subject_id = ? and brand_id = ?')
        .get(subjectId, brandId);
      if (!row) throw new Error('this person has no key');
      return unseal(kek, place(brandId, subjectId), row.wrapped_key as string);
    },
  };
}

/** A new person of a brand, with a key of their own; nobody found out anything about their age yet. */
export function makeSubject(tx: Tx, keys: SubjectKeys, brandId: string, subjectId: string): Buffer {
  tx.hot(
    `insert into subject (id, brand_id, created_seq, merged_into, epoch, age_class, restricted, objected, erased_at)
     values (?, ?, ?, null, 0, 'adult', 0, 0, null)`,
  ).run(subjectId, brandId, tx.seq());
  return keys.make(tx, brandId, subjectId);
}

/** One value of a person, as it stands in the store. */
export interface StoredValue {
  field: Field;
  value: string;
  source: string;
  noticeHash: string | null;
  seq: number;
  at: string;
}

/** Stores or replaces one value, sealed with the person's key. */
export function putValue(tx: Tx, key: Buffer, brandId: string, subjectId: string, v: StoredValue): void {
  tx.hot(
    `insert into value (brand_id, subject_id, field, value_enc, source, collected_notice_hash, seq, at)
     values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (brand_id, subject_id, field) do update set
     value_enc = excluded.value_enc, source = excluded.source,
     collected_notice_hash = excluded.collected_notice_hash, seq = excluded.seq, at = excluded.at`,
  ).run(
    brandId,
    subjectId,
    v.field,
    seal(key, `value|${subjectId}|${v.field}`, v.value),
    v.source,
    v.noticeHash,
    v.seq,
    v.at,
  );
}

/** Deletes what one source gave, of one person or of all, but for the fields in `kept` (GATE.md k.15). */
export function dropValues(
  tx: Tx,
  from: { brandId: string; subjectId?: string; source: string },
  kept: readonly Field[] = [],
): void {
  tx.hot(
    `delete from value where brand_id = ? and source = ? and subject_id = coalesce(?, subject_id)
     and field not in (select value from json_each(?))`,
  ).run(from.brandId, from.source, from.subjectId ?? null, JSON.stringify(kept));
}

/** Every value of a person; each is opened when it is looked at, and throws then where it cannot be. */
export function valuesOf(read: Read, key: Buffer, brandId: string, subjectId: string): StoredValue[] {
  return read
    .hot('select * from value where brand_id = ? and subject_id = ?')
    .all(brandId, subjectId)
    .map((row) => {
      let opened: string | undefined;
      return {
        field: row.field as Field,
        get value() {
          // A claim sends one field of many: opening the others would be most of its work.
          opened ??= unseal(key, `value|${subjectId}|${row.field}`, row.value_enc as string).toString();
          return opened;
        },
        source: row.source as string,
        noticeHash: row.collected_notice_hash as string | null,
        seq: row.seq as number,
        at: row.at as string,
      };
    });
}

/** What is known of a person, opened: the root's own values, and for fields it has none of, those of whom was merged last. */
export function valuesOfAll(
  read: Read,
  keys: Pick<SubjectKeys, 'of'>,
  brandId: string,
  closure: Pick<Closure, 'root' | 'merged'>,
): StoredValue[] {
  const [root = '', ...merged] = everyoneIn(closure);
  const found = valuesOf(read, keys.of(read, brandId, root), brandId, root);
  for (const id of merged.toReversed())
    for (const value of valuesOf(read, keys.of(read, brandId, id), brandId, id))
      if (found.every((f) => f.field !== value.field)) found.push(value);
  return found;
}
