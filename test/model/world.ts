import type fc from 'fast-check';
import type { Manifest } from '#contract/connection.ts';
import type { AdapterFacts } from '#sdk';
import type { Catalogue } from '../../server/connect/catalogue.ts';
import { publishManifest, publishNotice } from '../../server/consent/notices.ts';
import type { OptOutDeps } from '../../server/consent/opt-out.ts';
import type { Connector } from '../../server/egress/connector.ts';
import type { DeliverDeps } from '../../server/egress/deliver.ts';
import { createFence, type Fence } from '../../server/egress/fence.ts';
import type { Dispatched, Http } from '../../server/egress/http.ts';
import { createPace } from '../../server/egress/pace.ts';
import { openStore, type Store, type Tx } from '../../server/store/open.ts';
import { vendorFacts } from '../support/honest-as.ts';
import { keys, manifestFor, seedBrand } from './brand.ts';
import { createLog, type Log } from './log.ts';

/** What the partner does with one request, in order of requests; `hang` answers only once every visitor was acknowledged. */
export type Answer = 'ok' | 'refused' | 'busy' | 'fault' | 'unauthorized' | 'cut' | 'hang';
/** How the adapter behaves in one send. */
export interface Manner {
  requests: 1 | 2 | 3;
  parallel: boolean;
  /** The sandbox ends it while its calls are still under way. */
  abandoned: boolean;
  answers: Answer[];
}

/** One process of the hub: what it holds in memory, and whether it still lives. */
export interface Process {
  alive: boolean;
  fence: Fence;
  /** The gate's dependencies with every wait made a step of the schedule. */
  deps: DeliverDeps & OptOutDeps;
}

/** One brand with two partners and its people, over the real store; time stands still unless a step moves it. */
export interface World {
  store: Store;
  log: Log;
  brandId: string;
  subjects: string[];
  integrations: string[];
  clock: { nowMs: number; monotonicMs: number };
  process: Process;
  /** Starts another process over the same store, as after a crash: nothing of the old one runs on. */
  restart(): void;
  /** Waits for its turn in the schedule, then runs `act`; never goes on in a process that died meanwhile. */
  step<T>(name: string, act: (p: Process) => T | Promise<T>): Promise<T>;
  newTerms(tx: Tx, integrationId: string): void;
  manifestOf(integrationId: string): Manifest;
  manner(shareId: string, manner: Manner): void;
  /** Processes in which a visitor waits for an acknowledgement. */
  waiting: Set<Process>;
  /** Actions under way, by number, and the process each runs in. */
  busy: Map<number, Process>;
  /** Connecting as egress would end it: an account was signed in to, nothing at the partner can fail. */
  connector(account: string, provider?: string): Connector;
  catalogue(): Catalogue;
}

const never = new Promise<never>(() => {});
let made = 0;
let shared: { store: Store; uses: number } | undefined;

/** A store for a few hundred schedules: a new one each time costs more than the schedule. */
function nextStore(): Store {
  if (!shared || shared.uses++ >= 200) {
    shared?.store.close();
    shared = { store: openStore(':memory:'), uses: 0 };
  }
  return shared.store;
}

/** Makes a world of its own in the shared store. `together`: writes that wait at the same time share one commit. */
export async function makeWorld(s: fc.Scheduler, together: boolean): Promise<World> {
  const store = nextStore();
  const n = ++made;
  const brandId = `brand-${n}`;
  const subjects = [`ada-${n}`, `bob-${n}`];
  const partners = [`crm-${n}`, `mail-${n}`];
  const facts = new Map(
    partners.map((id) => [id, { ...vendorFacts(), id, name: id, idempotent: id.startsWith('crm') }]),
  );
  const versions = new Map(partners.map((id) => [id, 0]));
  const clock = { nowMs: Date.UTC(2026, 10, 22, 10), monotonicMs: 1_000 };
  const log = createLog(store, brandId);
  let counter = 0;
  const ids = () => `${n}-${++counter}`;
  const now = () => new Date(clock.nowMs);
  const manifestOf = (id: string) => manifestFor(facts.get(id) as AdapterFacts, versions.get(id) ?? 0);

  await store.write((tx) => seedBrand(tx, { brandId, subjects, partners, manifestOf, at: now().toISOString() }));

  const manners = new Map<string, Manner>();
  const waiting = new Set<Process>();
  /** A partner that answers only after every acknowledgement: an opt-out that waited for it would never end (I6). */
  const silence = async () => {
    for (let turns = 0; [...waiting].some((p) => p.alive); turns++) {
      if (turns === 500) return log.fault('I6: an opt-out waits for the partner');
      await scheduled('partner: silent');
    }
  };
  const short = (text: string) => text.replaceAll(`-${n}`, '').replaceAll(`${n}-`, '#');
  const scheduled = (name: string) => s.schedule(Promise.resolve(), short(name));

  function startProcess(): Process {
    const mine: Process = { alive: true } as Process;
    const guard = async <T>(name: string, act: () => T | Promise<T>): Promise<T> => {
      const turn = async () => (mine.alive ? act() : (undefined as T));
      let result: T | undefined;
      let refused: { e: unknown } | undefined;
      // As a step of its own each act is over before the next begins; together they meet in one commit.
      if (together) result = await scheduled(name).then(turn);
      else {
        const builder = async () => {
          // A step that rejects would count as unhandled before its actor hears of it.
          result = await turn().catch((e: unknown) => {
            refused = { e };
            return undefined;
          });
        };
        // Not scheduleFunction: that one runs the function at once and holds back its end alone.
        await s.scheduleSequence([{ label: short(name), builder }]).task;
      }
      if (!mine.alive) return never;
      if (refused) throw (refused as { e: unknown }).e;
      return result as T;
    };
    const write: Store['write'] = async (job) => {
      try {
        return await guard('commit', () =>
          store.write((tx) => {
            if (!mine.alive) throw new Error('this process is dead');
            return log.watch(tx, job);
          }),
        );
      } catch (e) {
        if (!mine.alive) await never;
        throw e;
      }
    };
    const mineStore: Store = { ...store, write };
    const real = createFence(store, () => clock.monotonicMs);
    let asked = '';
    const untilMs = new Map<string, number>();
    mine.fence = {
      ...real,
      open(lease) {
        untilMs.set(lease.disclosureId, lease.untilMs);
        real.open(lease);
      },
      check(id) {
        asked = id;
        real.check(id);
      },
    };
    const http: Http = {
      warm: async () => true,
      close: async () => {},
      async dispatch(call): Promise<Dispatched> {
        await guard('socket ready', () => {});
        const manner = manners.get(String(JSON.parse(String(call.body)).share));
        const answer = manner?.answers.shift() ?? 'ok';
        if (answer === 'refused') return { kind: 'failed', why: 'connect' };
        asked = '';
        try {
          call.fence?.();
          call.onWritten?.(() => {});
        } catch (reason) {
          log.stopped(asked, reason as Error);
          return { kind: 'aborted', reason };
        }
        if (!(clock.monotonicMs < (untilMs.get(asked) ?? 0))) log.fault(`GATE-9: ${asked} was written after its lease`);
        log.wrote(asked, String(call.body), answer); // the tick of the write
        if (answer === 'hang') await silence();
        await guard(`partner: ${answer}`, () => {});
        if (answer === 'cut') return { kind: 'unknown', why: 'closed' };
        const status = answer === 'busy' ? 503 : answer === 'fault' ? 500 : answer === 'unauthorized' ? 401 : 200;
        return { kind: 'sent', status, headers: {}, body: Buffer.from('{"id":"512"}') };
      },
    };
    const sandbox: DeliverDeps['sandbox'] = {
      // The contract of egress/sandbox.ts: it rejects with the first refusal of `call` and waits for no other.
      async run(job) {
        const manner = manners.get(job.partner.key) ?? { requests: 1, parallel: false, abandoned: false, answers: [] };
        const one = () =>
          job.call({ method: 'POST', path: '/contacts', body: { share: job.partner.key, ...job.visitor } });
        const all = async () => {
          await guard('adapter works', () => {});
          if (manner.parallel) await Promise.all(Array.from({ length: manner.requests }, one));
          else
            for (let i = 0; i < manner.requests; i++) {
              await one();
              await guard('adapter works', () => {});
            }
          return { record: '512' };
        };
        const work = all();
        if (!manner.abandoned) return work;
        const late = guard('sandbox deadline', () => {}).then(() => Promise.reject({ kind: 'deadline' }));
        return Promise.race([work, late]);
      },
    };
    mine.deps = {
      store: mineStore,
      keys,
      jobKek: Buffer.alloc(32, 9),
      fence: mine.fence,
      http,
      origins: new Map([['https://api.vendor.example', 'http://127.0.0.1:1']]),
      adapters: new Map([...facts].map(([id, f]) => [id, { facts: f, code: '', constants: [] }])),
      sandbox,
      token: async (_brand, _integration, refused) => ({ access: refused ? 'token-2' : 'token-1' }),
      publish() {},
      now,
      monotonic: () => clock.monotonicMs,
      ids,
      pace: createPace({ monotonic: () => clock.monotonicMs }),
      sending: new Set(),
      unreadable: (e) => log.fault(`a record could not be read: ${String(e)}`),
    };
    return mine;
  }

  const world: World = {
    store,
    log,
    brandId,
    subjects,
    integrations: partners,
    clock,
    process: startProcess(),
    restart() {
      world.process.alive = false;
      world.process = startProcess();
    },
    async step(name, act) {
      await scheduled(name);
      return act(world.process);
    },
    newTerms(tx, id) {
      versions.set(id, (versions.get(id) ?? 0) + 1);
      const hash = publishManifest(tx, brandId, manifestOf(id), now().toISOString());
      tx.hot('update integration set manifest_hash = ? where id = ?').run(hash, id);
      publishNotice(tx, brandId, now().toISOString());
    },
    manifestOf,
    manner: (shareId, manner) => void manners.set(shareId, { ...manner, answers: [...manner.answers] }),
    waiting,
    busy: new Map(),
    connector: (account, provider = '') =>
      ({
        pending: async () => ({
          id: 'pending',
          provider,
          sandbox: true,
          account: { id: account, name: account },
          scopes: [],
          missing: [],
        }),
        adopt() {},
        discard: async () => {},
        end: () => 'nothing' as const,
        revoke: async () => {},
      }) satisfies Partial<Connector> as unknown as Connector,
    catalogue: () =>
      new Map(
        partners.map((id) => {
          const manifest = manifestOf(id);
          return [
            id,
            {
              facts: facts.get(id) as AdapterFacts,
              manifest,
              sheet: { ...manifest, way: 'signin', docs: '', scopes: [], asks: [], verification: '' },
            },
          ];
        }),
      ),
  };
  return world;
}
