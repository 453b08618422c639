/** The one draft of a brand's notice, and the way to its newest version. */
export const notice: string[] = [
  `create table notice_draft (brand_id text not null primary key references brand(id), body_json text not null,
    by text not null, at text not null) strict`,
  'create index notice_version on notice (brand_id, published_seq)',
];
