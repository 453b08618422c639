import type { LedgerView } from '#contract/ledger.ts';
import type { Field } from '#contract/visitor.ts';
import type { Tx } from './open.ts';
import { mac } from './seal.ts';

type Read = Pick<Tx, 'hot'>;
type Rules = LedgerView['rules'];

/** Which rows: of one person, from a time on, that hold a word. */
export interface RowFilter {
  brandId: string;
  /** Subjects of one person; all of the brand where left out. */
  subjectIds?: readonly string[];
  /** ISO 8601; older rows are left out. */
  since?: string;
  limit: number;
}

/** SQL: a recipient's name from its data sheet `m`, or from the adapter of `i` where that is missing or damaged. */
export const recipientName = `iif(json_valid(m.body_json), m.body_json ->> '$.name', i.provider)`;

const within = (table: string, persons: number): string =>
  persons === 0 ? '' : `and ${table}.subject_id in (${Array(persons).fill('?').join(', ')})`;

// Each half is cut by itself first: sorting all rows of a brand to show the newest would stop the hub meanwhile.
const sources = (persons: number) => `
  select * from (select x.leaf_index as idx, x.at, x.claim_seq as seq, x.subject_id, x.purpose, i.sandbox,
    ${recipientName} as partner, x.fields_json as fields, x.rules_json as rules,
    iif(o.state = 'sent' and o.http_status >= 400, 'refused', coalesce(o.state, 'open')) as result
  from disclosure x join integration i on i.id = x.integration_id
  left join manifest m on m.brand_id = x.brand_id and m.hash = i.manifest_hash
  left join outcome o on o.disclosure_id = x.id
  where x.brand_id = ? and x.at >= ? ${within('x', persons)} order by x.claim_seq desc limit ?)
  union all
  select * from (select null, d.at, d.seq, d.subject_id, d.purpose, i.sandbox,
    ${recipientName}, null, d.denied_json, 'withheld'
  from decision d join integration i on i.id = d.integration_id
  left join manifest m on m.brand_id = d.brand_id and m.hash = i.manifest_hash
  where d.brand_id = ? and d.at >= ? ${within('d', persons)} and d.denied_json <> '{}'
    and d.seq = (select max(l.seq) from decision l where l.share_id = d.share_id and l.denied_json <> '{}')
  order by d.seq desc limit ?)
  order by seq desc limit ?`;

/**
 * What left and what was withheld, newest first: one row a disclosure, and one for what each share's last decision
 * held back (R31, R32). The person is a short keyed name within the brand, never the subject's id.
 */
export function ledgerRows(read: Read, pseudonymKey: Buffer, f: RowFilter): (LedgerView & { subjectId: string })[] {
  const since = f.since ?? '';
  const person = f.subjectIds ?? [];
  return read
    .hot(sources(person.length))
    .all(f.brandId, since, ...person, f.limit, f.brandId, since, ...person, f.limit, f.limit)
    .map((r) => {
      const rules = JSON.parse(r.rules as string) as Rules;
      const fields = r.fields === null ? (Object.keys(rules) as Field[]) : (JSON.parse(r.fields as string) as Field[]);
      return {
        ...(r.idx === null ? {} : { index: r.idx as number }),
        at: r.at as string,
        person: `p-${mac(pseudonymKey, r.subject_id as string)
          .slice(0, 6)
          .toLowerCase()}`,
        partner: r.partner as string,
        sandbox: r.sandbox === 1,
        purpose: r.purpose as LedgerView['purpose'],
        fields,
        result: r.result as LedgerView['result'],
        rules,
        subjectId: r.subject_id as string,
      };
    });
}
