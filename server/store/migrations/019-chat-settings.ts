/** What a brand decides about its chat, a row for each group; none of it decides what may leave. */
export const chatSettings: string[] = [
  `create table chat_setting (brand_id text not null, name text not null, version integer not null,
    body_json text not null, at text not null, primary key (brand_id, name)) strict`,
];
