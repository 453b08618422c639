/**
 * Under which keyed name a partner's record was given for a person, so that the record shown in a tab finds them (R78).
 * It goes with its outcome, in the person's erasure; outcomes written before this step have none.
 */
export const recordLookup: string[] = [
  'alter table outcome add column record_mac text',
  'create index outcome_record on outcome (brand_id, record_mac) where record_mac is not null',
];
