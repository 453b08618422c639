/** How an agent arranged the cards of a brand (R73): ids of connections, nothing about any visitor. */
export const cardLayout: string[] = [
  `create table card_layout (user_id text not null, brand_id text not null, version integer not null,
    body_json text not null, at text not null, primary key (user_id, brand_id)) strict`,
];
