import { randomBytes } from 'node:crypto';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { createPeople } from '../../../server/people/people.ts';
import { seedPeople } from '../../../server/people/seed.ts';
import { openStore, type Store } from '../../../server/store/open.ts';

export const baseUrl = 'http://localhost:8787';
export const brand = { id: 'brand-harbor', name: 'Harbor Motors', slug: 'harbor-motors' };

/** A brand row as other parts make it. */
export async function addBrand(store: Store, { id, name, slug }: typeof brand): Promise<void> {
  const row = {
    id,
    slug,
    legal_name: `${name} ApS`,
    name,
    address: 'Nordre Kaj 4, 8000 Aarhus',
    contact: 'privacy@harbor.example',
    country: 'DK',
    settings_json: '{}',
    wrapped_key: '',
    created_at: new Date(0).toISOString(),
  };
  await store.write((tx) => tx.run(tx.sql.insertInto('brand').values(row)));
}

/** People of Harbor Motors on a real SQLite database, with a clock that can be pushed (milliseconds). */
export async function openDesk({ points = 1000 } = {}) {
  const store = openStore(':memory:');
  let ahead = 0;
  const now = () => Date.now() + ahead;
  await addBrand(store, brand);
  const { maria, jens } = await seedPeople({ store, now }, brand);
  const push = (ms: number): void => {
    ahead += ms;
  };
  const failures: unknown[] = [];
  const limit = () => new RateLimiterMemory({ points, duration: 600 });
  let before: (() => void) | undefined;
  const write: Store['write'] = (job) => {
    before?.();
    return store.write(job);
  };
  const people = createPeople({
    store: { ...store, write },
    key: randomBytes(32),
    baseUrl,
    now,
    limits: { guesses: limit(), links: limit(), codes: limit() },
    onFailure: (e) => failures.push(e),
  });
  /** Called before each write of the people from now on: what another request does in between. */
  const beforeWrite = (act: () => void): void => {
    before = act;
  };
  const signIn = async (email = 'maria@harbor.example'): Promise<Headers> => {
    const token = people.signIn.printedLink(email).replace('/sign-in/', '');
    return cookieOf(await people.signIn.useLink(token, new Headers()));
  };
  const agent = async (headers: Headers) => {
    const found = await people.whoIs(headers);
    if (!found) throw new Error('nobody');
    return found;
  };
  return { store, people, maria, jens, failures, signIn, agent, push, now, beforeWrite };
}
export type Desk = Awaited<ReturnType<typeof openDesk>>;

/** What a browser would send back after an answer with these headers. */
export function cookieOf(answer: Headers): Headers {
  const cookie = answer.getSetCookie().map((c) => c.split(';', 1)[0]);
  return new Headers({ cookie: cookie.join('; ') });
}

/** The sign-in token of the newest mail in the outbox. */
export async function mailedToken({ people }: Desk): Promise<string> {
  const [newest] = await people.outbox.list();
  const { body } = await people.outbox.open(newest?.id ?? '');
  return /\/sign-in\/([\w-]+)/.exec(body)?.[1] ?? '';
}

/** The slug of the problem that a call ends in, or what it returned. */
export async function slugOf(call: () => unknown): Promise<unknown> {
  try {
    return await call();
  } catch (e) {
    return (e as { slug?: string }).slug ?? e;
  }
}

/** Every value of every column of every table, as one text. */
export function dump(store: Store): string {
  const tables = store.read.hot("select name from sqlite_master where type = 'table'").all();
  return tables.map((t) => JSON.stringify(store.read.hot(`select * from "${t.name}"`).all())).join('\n');
}
