import type { SandboxStore } from './sandbox-store.ts';

/** Which kinds of record the sandbox CRM holds. */
export type RecordType = 'contacts' | 'notes';

/** A record as HubSpot's `SimplePublicObject` names it; times are ISO 8601. */
export interface CrmRecord {
  id: string;
  properties: Record<string, string>;
  createdAt: string;
  updatedAt: string;
  archived: boolean;
}

/** The records of one account at one sandbox partner. */
export interface CrmRecords {
  byId(type: RecordType, id: string): CrmRecord | undefined;
  byEmail(email: string): CrmRecord | undefined;
  list(type: RecordType): CrmRecord[];
  create(type: RecordType, properties: Record<string, string>): CrmRecord;
  update(type: RecordType, record: CrmRecord, properties: Record<string, string>): CrmRecord;
  /** Undoable at HubSpot for 90 days: the values stay, out of sight. */
  archive(type: RecordType, id: string): void;
  /** For good, links included. */
  erase(type: RecordType, id: string): void;
  link(from: { type: RecordType; id: string }, to: { type: RecordType; id: string }): void;
  /** Records of `type` linked with this one, in either direction. */
  linked(from: { type: RecordType; id: string }, type: RecordType): CrmRecord[];
  isBlocked(email: string): boolean;
  block(email: string): void;
}

const view = (row: Record<string, unknown>): CrmRecord => ({
  id: String(row.id),
  properties: JSON.parse(String(row.properties)),
  createdAt: String(row.created),
  updatedAt: String(row.updated),
  archived: row.archived !== null,
});

/** Opens the records of account `hub` at `partner`; `now` in milliseconds. E-mails are compared in lower case. */
export function crmRecords(store: SandboxStore, partner: string, hub: number, now: () => number): CrmRecords {
  const live = 'select * from record where partner = ? and hub = ? and type = ? and archived is null';
  const iso = () => new Date(now()).toISOString();
  const emailOf = (type: RecordType, properties: Record<string, string>) =>
    type === 'contacts' ? (properties.email?.toLowerCase() ?? null) : null;
  const one = (type: RecordType, where: string, value: string) => {
    const row = store.get(`${live} and ${where} = ?`, partner, hub, type, value);
    return row && view(row);
  };
  const byId: CrmRecords['byId'] = (type, id) => (/^\d{1,15}$/.test(id) ? one(type, 'id', id) : undefined);

  return {
    byId,
    byEmail: (email) => one('contacts', 'email', email.toLowerCase()),
    list: (type) => store.all(`${live} order by id desc limit 200`, partner, hub, type).map(view),
    create: (type, properties) => {
      const at = iso();
      const row = store.get(
        'insert into record (partner, hub, type, email, properties, created, updated) values (?, ?, ?, ?, ?, ?, ?) returning *',
        partner,
        hub,
        type,
        emailOf(type, properties),
        JSON.stringify(properties),
        at,
        at,
      );
      if (!row) throw new Error('The sandbox could not store a record.');
      return view(row);
    },
    update: (type, record, properties) => {
      const merged = { ...record.properties, ...properties };
      const at = iso();
      store.run(
        'update record set properties = ?, email = ?, updated = ? where partner = ? and hub = ? and id = ?',
        JSON.stringify(merged),
        emailOf(type, merged),
        at,
        partner,
        hub,
        Number(record.id),
      );
      return { ...record, properties: merged, updatedAt: at };
    },
    archive: (type, id) => {
      store.run(
        'update record set archived = ? where partner = ? and hub = ? and type = ? and id = ? and archived is null',
        iso(),
        partner,
        hub,
        type,
        id,
      );
    },
    erase: (type, id) => {
      store.run('delete from record where partner = ? and hub = ? and type = ? and id = ?', partner, hub, type, id);
      store.run(
        'delete from link where partner = ? and hub = ? and ((from_type = ? and from_id = ?) or (to_type = ? and to_id = ?))',
        ...([partner, hub, type, id, type, id] as const),
      );
    },
    link: (from, to) => {
      store.run(
        'insert or ignore into link (partner, hub, from_type, from_id, to_type, to_id) values (?, ?, ?, ?, ?, ?)',
        ...([partner, hub, from.type, from.id, to.type, to.id] as const),
      );
    },
    linked: (from, type) =>
      store
        .all(
          `select from_id as id from link where partner = ? and hub = ? and to_type = ? and to_id = ? and from_type = ?
           union select to_id from link where partner = ? and hub = ? and from_type = ? and from_id = ? and to_type = ?
           order by id`,
          ...([partner, hub, from.type, from.id, type, partner, hub, from.type, from.id, type] as const),
        )
        .map((row) => byId(type, String(row.id)))
        .filter((record) => record !== undefined),
    isBlocked: (email) =>
      store.get(
        'select 1 from blocked where partner = ? and hub = ? and email = ?',
        partner,
        hub,
        email.toLowerCase(),
      ) !== undefined,
    block: (email) => {
      store.run('insert or ignore into blocked values (?, ?, ?)', partner, hub, email.toLowerCase());
    },
  };
}
