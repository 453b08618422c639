import { type Acme, acmeCode, acmes, openAcme, type WayId, ways } from '../../support/acme.ts';
import { frontDoor } from '../../support/front-door.ts';

/** What each way is let in by at the partner, and what the admin types for it. */
export const right: Record<Exclude<WayId, 'acme-hook'>, { door: [string, string]; typed: Record<string, string> }> = {
  'acme-key': { door: ['x-acme-key', 'KEY-one-1f1f'], typed: { key: ' KEY-one-1f1f ' } },
  'acme-scheme': { door: ['authorization', 'Token KEY-one-1f1f'], typed: { key: 'KEY-one-1f1f' } },
  'acme-basic': {
    door: ['authorization', `Basic ${Buffer.from('harbor:pass wörd:4c4c ').toString('base64')}`],
    typed: { user: 'harbor', password: 'pass wörd:4c4c ' },
  },
  'acme-unnamed': {
    door: ['authorization', `Basic ${Buffer.from('AC12:AUTH-5b5b').toString('base64')}`],
    typed: { user: 'AC12', password: 'AUTH-5b5b', account: 'Harbor’s line' },
  },
  'acme-client': { door: ['x', 'x'], typed: { id: 'harbor', secret: 'CLIENT-secret-2e2e' } },
};

/** Where the form of a provider is. */
export const formAt = (id: string) => `/console/add/${id}/key`;

/** A hub with a partner for each way in; Maria signed in. */
export async function openKeys(now?: () => Date) {
  const acme: Acme = await openAcme();
  const code = Object.fromEntries(Object.keys(ways).map((id) => [id, acmeCode]));
  const door = await frontDoor({
    adapters: (list) => [...list, ...acmes],
    code,
    standIn: acme.standIn,
    ...(now ? { now } : {}),
  });
  const maria = await door.owner();
  const read = (sql: string) => door.store.read.hot(sql);
  return {
    acme,
    door,
    maria,
    /** Types a key into the form, with the hidden field of the session as it is now. */
    async connect(id: string, typed: Record<string, string>) {
      maria.csrf = /name="csrf" value="([^"]+)"/.exec(await (await maria.get('/console')).text())?.[1] ?? '';
      return maria.submit(formAt(id), { csrf: maria.csrf, ...typed });
    },
    /** The one connection there is. */
    row: () =>
      read('select id, connection, account_id, account_name, sandbox, trouble, conn_epoch from integration').get(),
    audits: (act: string) =>
      read('select detail from audit where act = ? order by seq')
        .all(act)
        .map((one) => one.detail),
    sealed: () => JSON.stringify(read('select * from vault').all()),
    /** Everything the store holds, as text: what a stolen database would say. */
    dump: () =>
      read("select name from sqlite_master where type = 'table'")
        .all()
        .map(({ name }) => JSON.stringify(read(`select * from "${name}"`).all()))
        .join('\n'),
    async close() {
      await door.close();
      await acme.close();
    },
  };
}

/** A page as a person reads it. */
export const textOf = async (res: Response) => (await res.text()).replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
