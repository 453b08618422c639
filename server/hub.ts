import { randomUUID } from 'node:crypto';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Entry } from '#contract/chat.ts';
import type { AdapterFacts, LoginFacts } from '#sdk';
import { dataSheetOf, isLogin, isSharing, manifestOf } from '#sdk';
import { createCountryOf } from './chat/country.ts';
import { createLive } from './chat/live.ts';
import { createRouting } from './chat/routing.ts';
import { createAlerts } from './connect/alerts.ts';
import type { Catalogue } from './connect/catalogue.ts';
import { narrowToInstalled, republish } from './connect/republish.ts';
import { stopOverBudget, watchOver } from './connect/watch.ts';
import { createLinkDesk } from './consent/mailed-link.ts';
import { createAlarm } from './egress/alarm.ts';
import { createBudget } from './egress/budget.ts';
import { type Checkpoints, createCheckpoints } from './egress/checkpoints.ts';
import { constantsOf, type DeliverDeps, deliver, type LoadedAdapter, openAt, prepareShare } from './egress/deliver.ts';
import { createFence } from './egress/fence.ts';
import { isInside } from './egress/guard.ts';
import { hear } from './egress/hear.ts';
import { settleInterrupted } from './egress/outcome.ts';
import { createPace } from './egress/pace.ts';
import { createRunner } from './egress/runner.ts';
import type { Tally } from './egress/tally.ts';
import { privateKeyOf, publicKeyOf, rawPublicKey } from './gate/keys.ts';
import { composeEgress } from './hub-egress.ts';
import type { HubOptions } from './hub-options.ts';
import { createPeople } from './people/people.ts';
import { createForgetting } from './rights/forget.ts';
import type { HubDeps } from './routes/deps.ts';
import { createLimits } from './routes/limits.ts';
import { ledgerName } from './store/ledger.ts';
import { deriveKey } from './store/seal.ts';
import { subjectKeys } from './store/subjects.ts';

/** A running hub without its listener. */
export interface Hub {
  deps: HubDeps;
  checkpoints: Checkpoints;
  /** Calls out, counted against the ledger. */
  tally: Tally;
  /** Told of every stored change; the demo's story listens. */
  onChange(listener: () => void): () => void;
  /** Finishes what runs and closes what is open. */
  close(): Promise<void>;
}

/** How often the hub looks for agents who fell silent, milliseconds; a stream beats as often. */
const lookMs = 15_000;
/** How often the hub forgets sign-ins that took too long, milliseconds. */
const sweepMs = 60_000;

/** Composes the hub: each folder gets what it needs and nothing else. Only egress is handed the vault's key. */
export async function createHub(o: HubOptions): Promise<Hub> {
  const { store, now, monotonic, log } = o;
  const ids = () => randomUUID();
  const keys = subjectKeys(deriveKey(o.key, 'subjects'));
  const pepper = deriveKey(o.key, 'identifiers');
  const seed = deriveKey(o.key, 'ledger signature');
  const signingKey = privateKeyOf(seed);
  const signer = {
    origin: await ledgerName(store, o.origin),
    key: signingKey,
    publicKey: publicKeyOf(rawPublicKey(signingKey)),
  };
  const alarm = createAlarm({ store, log, now });
  const live = createLive();
  const changed = new Set<() => void>();
  const tell = () => {
    for (const listener of changed) listener();
  };
  const publish = (entries: readonly Entry[], brandId: string) => {
    live.publish(entries, brandId);
    // Every line that nobody wrote moves a strip or a card.
    for (const conversation of new Set(
      entries.filter((e) => e.kind !== 'message' && e.kind !== 'file').map((e) => e.conversation),
    ))
      live.touch(brandId, conversation);
    if (entries.length > 0) tell();
  };

  const sharing = o.adapters.filter(isSharing);
  const facts = new Map<string, AdapterFacts>(sharing.map((a) => [a.facts.id, a.facts]));
  const loginFacts = new Map<string, LoginFacts>(o.adapters.filter(isLogin).map((a) => [a.facts.id, a.facts]));
  const catalogue: Catalogue = new Map(
    o.adapters.map((a) => [a.facts.id, { facts: a.facts, manifest: manifestOf(a), sheet: dataSheetOf(a) }]),
  );
  const adapters = new Map<string, LoadedAdapter>(
    sharing.map(({ facts }) => {
      const code = o.code(facts.id);
      return [facts.id, { facts, code, constants: constantsOf(code) }];
    }),
  );

  const touch = (brandId: string) => {
    live.touch(brandId);
    runner.wake(); // reconnected, perhaps: what waited is due
    tell();
  };
  /** What the partner no longer permits is off, and what it permits again is on, without anybody asking (SECURITY.md OA11). */
  const regranted = (brandId: string, integrationId: string) => {
    const by = { actor: 'partner', act: 'scopes' };
    store
      .write((tx) => republish(tx, { now, catalogue }, brandId, integrationId, by))
      .then((less) => {
        if (less) fence.cancel({ integrationId });
        touch(brandId);
      })
      .catch((e: unknown) => log.error({ kind: (e as Error).name }, 'new permissions could not be published'));
  };
  const { origins } = o.sandboxPartners;
  const egress = composeEgress({ ...o, facts, loginFacts, ids, regranted, alarm, changed: touch });
  const { http, tokens, connector, keyDesk, logins, hooks, webhooksOut, mailer, stops } = egress;
  const sweeping = setInterval(() => {
    logins.sweep().catch((e: unknown) => log.error({ kind: (e as Error).name }, 'old sign-ins could not be forgotten'));
  }, sweepMs).unref();
  const fence = createFence(store, monotonic, o.stopFile);
  const delivery: DeliverDeps = {
    store,
    keys,
    fence,
    http,
    origins,
    adapters,
    sandbox: o.sandbox,
    token: (brandId, integrationId, refused) => tokens.credential(brandId, integrationId, refused),
    publish,
    now,
    monotonic,
    ids,
    pace: createPace({ monotonic }),
    sending: new Set(),
    ...(o.egress?.pause ? { pause: o.egress.pause } : {}),
    unreadable: (e, brandId) => alarm('record-unreadable', { brandId, kind: (e as Error).name }),
  };
  const idempotent = (provider: string) => facts.get(provider)?.idempotent ?? false;
  const mend = async () => {
    await connector.sweep();
    await logins.sweep();
    const entries = await settleInterrupted(delivery, {
      idempotent,
      running: (id) => delivery.sending.has(id),
      failed: (e) => alarm('send-unsettled', { kind: (e as Error).name }),
    });
    for (const entry of entries) publish([entry], brandOf(entry.conversation));
  };
  const brandOf = (conversation: string) =>
    store.read.hot('select brand_id from conversation where id = ?').get(conversation)?.brand_id as string;
  const budget = createBudget({ store, now });
  const runner = createRunner({
    store,
    now,
    deliver: async (id) => {
      const excess = budget.excess(id);
      await (excess ? stopOverBudget(ending, excess) : deliver(delivery, id).finally(alerts.wake));
    },
    held: stops.holds,
    prepare: (share) => prepareShare(delivery, share),
    failed: (e) => alarm('delivery-broke', { kind: (e as Error).name }),
    mend,
    openAt: (share, at) => openAt(delivery, share, at),
  });
  const ending = { store, keys, now, monotonic, ids, fence, connector, catalogue, publish, touch, runner, alarm };
  const mailLost = (e: unknown) => log.error({ kind: (e as Error).name }, 'a mail could not be made');
  const people = createPeople({
    store,
    key: deriveKey(o.key, 'people'),
    baseUrl: o.origin,
    now: () => now().getTime(),
    limits: {
      guesses: new RateLimiterMemory({ points: 20, duration: 300 }),
      links: new RateLimiterMemory({ points: 5, duration: 600 }),
      codes: new RateLimiterMemory({ points: 10, duration: 600 }),
    },
    mailer,
    onFailure: mailLost,
  });
  const { putIn: mail } = people.outbox;
  const told = () => people.posting?.wake();
  const linkDesk = createLinkDesk({ store, keys, pepper, origin: o.origin, now, mail, told, failed: mailLost });
  const routing = createRouting({
    store,
    keys,
    now,
    publish,
    everyMs: lookMs,
    failed: (e) => log.error({ kind: (e as Error).name }, 'chats could not be given out'),
  });
  people.onEnded((ended) => {
    if (ended.what === 'member') void routing.look(ended.brandId).catch(() => {}); // the next look tries again
  });
  const alerts = createAlerts({
    store,
    origin: o.origin,
    now,
    admins: people.admins,
    mail,
    webhook: webhooksOut.queue,
    told(brands) {
      people.posting?.wake();
      webhooksOut.wake();
      for (const brandId of brands) live.touch(brandId);
    },
    failed: (e) => log.error({ kind: (e as Error).name }, 'nobody could be told of a break'),
  });

  const checkpoints = createCheckpoints({
    store,
    signer,
    now,
    alarm: (words, e) => log.error(e instanceof Error ? { kind: e.name } : {}, words),
    ...(o.after ? { after: o.after } : {}),
  });
  const jobKek = deriveKey(o.key, 'jobs');
  const forgetting = createForgetting({
    ...{ store, keys, now, monotonic, ids, fence, signer, publish, touch },
    jobKek,
    failed: (e) => log.error({ kind: (e as Error).name }, 'somebody could not be forgotten yet'),
  });
  await store.write((tx) => checkpoints.begin(tx));
  await mend();
  await narrowToInstalled({ store, now, catalogue });
  const watch = watchOver({ ...ending, ...(o.stopFile ? { stopFile: o.stopFile } : {}) });
  await watch.look();
  runner.wake();
  alerts.wake();
  webhooksOut.wake();
  forgetting.wake();
  return {
    checkpoints,
    tally: egress.tally,
    deps: {
      store,
      keys,
      fence,
      connector,
      keyDesk,
      logins,
      hooks,
      hear: (provider, event) => hear(o.sandbox, o.code(provider), event),
      catalogue,
      origin: o.origin,
      origins,
      publish,
      touch,
      stops,
      ...(o.localAddress ? { egressAddress: o.localAddress } : {}),
      ...(o.filesOrigin ? { filesOrigin: o.filesOrigin } : {}),
      fileKey: deriveKey(o.key, 'file links'),
      redraw: live.redraw,
      people,
      linkDesk,
      alerts,
      webhooksOut,
      live,
      routing,
      runner,
      forgetting,
      idempotent,
      signer,
      limits: createLimits(),
      log,
      alarm,
      pseudonymKey: deriveKey(o.key, 'pseudonyms'),
      doctorKey: deriveKey(o.key, 'doctor'),
      jobKek,
      pepper,
      identityKey: (brandId) => deriveKey(o.key, `identity|${brandId}`),
      proxies: o.proxies,
      countryOf: createCountryOf({ file: o.countryFile, isInside }),
      asset: o.asset,
      now,
      monotonic,
      ids,
    },
    onChange(listener) {
      changed.add(listener);
      return () => void changed.delete(listener);
    },
    async close() {
      clearInterval(sweeping);
      watch.stop();
      await routing.stop();
      egress.stop();
      await runner.stop();
      await forgetting.stop();
      await people.signIn.settled();
      await linkDesk.settled();
      await alerts.stop();
      await people.posting?.stop();
      await checkpoints.stop();
      await o.sandbox.close();
      await egress.close();
    },
  };
}
