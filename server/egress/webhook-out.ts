import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { problem } from '#contract/problem.ts';
import { note } from '../store/audit.ts';
import type { Store, Tx } from '../store/open.ts';
import { createRowWorker, type RowWorker } from '../store/row-worker.ts';
import type { Http } from './http.ts';
import { userAgent } from './partner.ts';
import { jittered, waitAfter } from './schedule.ts';
import { type SealedTable, type Vault, wrappedKeyOf } from './vault.ts';

/** A brand's webhook as its console shows it: never the secret. Times are ISO 8601. */
interface AlertWebhook {
  url: string;
  since: string;
  lastGoodAt?: string;
  /** Since when every call failed. */
  failingSince?: string;
  /** When it was turned off because of that. */
  offAt?: string;
}

/**
 * Webhooks out, our calls to a brand: one address a brand, signed by Standard Webhooks (standardwebhooks.com), worked off
 * from rows. Partners' calls to us are hooks (verify.ts).
 */
export interface WebhooksOut extends RowWorker {
  of(brandId: string): AlertWebhook | undefined;
  /**
   * Sets the address and makes a new secret, which is told once; what waits goes there. Raises `bad-input` for an
   * address that is not https, that leads inside, or where nobody answers (SECURITY.md 4.4).
   */
  set(who: { brandId: string; userId: string }, url: string): Promise<{ secret: string }>;
  /** Takes it away; what waits is dropped. */
  remove(who: { brandId: string; userId: string }): Promise<void>;
  /** Puts one message on its way, inside the caller's transaction; nothing where the brand has no webhook that is on. */
  queue(tx: Tx, brandId: string, message: { id: string; body: string }): void;
}

/** What createWebhooksOut is handed. */
export interface WebhooksOutDeps {
  store: Store;
  vault: Vault;
  /** Its own one way out: longer patience than partners get, and none of their loopback allowances. */
  http: Http;
  now: () => Date;
  /** A number from 0 up to 1: the jitter. */
  random: () => number;
  log: { warn(facts: Record<string, unknown>, message: string): void };
}

/** How long one call may take, milliseconds (SECURITY.md WH4). */
export const webhookOutMs = 15_000;
/** A webhook that failed for this long without one good call is turned off (SECURITY.md WH4), milliseconds. */
const offAfterMs = 5 * 24 * 3_600_000;
/** Calls made side by side. */
const atOnce = 16;
const reached = new Error('reached');
const place = (brand: string) => ({ brand, integration: 'alerts', field: 'webhook secret' });

/** For a change of the hub key. */
export const sealedAlertSecrets: SealedTable = {
  table: 'alert_webhook',
  placeOf: ({ brand_id = '' }) => place(brand_id),
};

/** An address an admin typed, taken apart; undefined for one that cannot be meant. No user, no fragment, at most 500 characters. */
function addressOf(text: string): URL | undefined {
  const url = text.length <= 500 ? URL.parse(text.trim()) : null;
  return url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.hash ? url : undefined;
}

/** Makes the webhooks' desk. The address is checked by the guard when it is saved and again at each connect. */
export function createWebhooksOut(d: WebhooksOutDeps): WebhooksOut {
  const { store, vault, http } = d;
  /** DNS, TCP and TLS, and not a byte of HTTP: what the guard refuses and where nobody listens is said at once. */
  async function check(text: string): Promise<URL> {
    const url = addressOf(text);
    if (!url) return problem('bad-input', 'That is not an https address.');
    const answer = await http.dispatch({
      origin: url.origin,
      method: 'HEAD',
      path: '/',
      headers: {},
      errand: 'alert',
      fence() {
        throw reached;
      },
    });
    if (answer.kind === 'aborted') return url;
    if (answer.kind === 'failed' && (answer.why === 'refused' || answer.why === 'invalid'))
      return problem('bad-input', 'Webhooks go to public https addresses only.');
    return problem('bad-input', 'Nobody answers there with a certificate we can check.');
  }

  async function send(row: Record<string, unknown>): Promise<void> {
    const { id, brand_id: brandId, body, url, sealed } = row as Record<string, string>;
    const text = body as string;
    const secret = vault.open(wrappedKeyOf(store.read, brandId as string), place(brandId as string), sealed as string);
    const at = d.now(); // each try is signed afresh (SECURITY.md WH4)
    const target = new URL(url as string);
    const answer = await http.dispatch({
      origin: target.origin,
      method: 'POST',
      path: target.pathname + target.search,
      errand: 'alert',
      headers: {
        'content-type': 'application/json',
        'accept-encoding': 'identity',
        'user-agent': userAgent,
        'webhook-id': id as string,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': new Webhook(secret).sign(id as string, at, text),
      },
      body: text,
    });
    const taken = answer.kind === 'sent' && answer.status >= 200 && answer.status < 300;
    await store.write((tx) => settle(tx, { id: id as string, brandId: brandId as string, url: url as string }, taken));
  }

  function settle(tx: Tx, { id, brandId, url }: { id: string; brandId: string; url: string }, taken: boolean): void {
    const now = d.now();
    const at = now.toISOString();
    const mine = tx.hot('select attempts from webhook_delivery where id = ? and state = ?').get(id, 'waiting');
    const attempts = ((mine?.attempts as number | undefined) ?? 0) + 1;
    const wait = waitAfter(attempts);
    const state = taken ? 'done' : wait === undefined ? 'over' : 'waiting';
    const notBefore = now.getTime() + jittered(wait ?? 0, d.random());
    tx.hot(
      "update webhook_delivery set state = ?, attempts = ?, not_before_ms = ? where id = ? and state = 'waiting'",
    ).run(state, attempts, notBefore, id);
    // The address was changed meanwhile: this says nothing about the new one.
    const hook = tx.hot('select failing_since from alert_webhook where brand_id = ? and url = ?').get(brandId, url);
    if (!hook) return;
    if (taken) {
      tx.hot('update alert_webhook set last_good_at = ?, failing_since = null where brand_id = ?').run(at, brandId);
      return;
    }
    const since = (hook.failing_since as string | null) ?? at;
    const off = now.getTime() - Date.parse(since) >= offAfterMs;
    tx.hot('update alert_webhook set failing_since = ?, off_at = ? where brand_id = ?').run(
      since,
      off ? at : null,
      brandId,
    );
    if (off) dropWaiting(tx, brandId);
  }

  const dropWaiting = (tx: Tx, brandId: string) =>
    tx.hot("update webhook_delivery set state = 'over' where brand_id = ? and state = 'waiting'").run(brandId);

  const worker = createRowWorker({
    async round() {
      const due = store.read
        .hot(
          `select v.id, v.brand_id, v.body, w.url, w.sealed from webhook_delivery v
           join alert_webhook w on w.brand_id = v.brand_id
           where v.state = 'waiting' and v.not_before_ms <= ? and w.off_at is null order by v.not_before_ms limit ?`,
        )
        .all(d.now().getTime(), atOnce);
      const ends = await Promise.allSettled(due.map(send));
      for (const end of ends)
        if (end.status === 'rejected') d.log.warn({ kind: (end.reason as Error).name }, 'a webhook could not be sent');
      return due.length === atOnce && ends.every((end) => end.status === 'fulfilled');
    },
    nextMs: () =>
      store.read.hot("select min(not_before_ms) as ms from webhook_delivery where state = 'waiting'").get()?.ms as
        | number
        | null,
    now: () => d.now().getTime(),
    failed: (e) => d.log.warn({ kind: (e as Error).name }, 'webhooks could not be worked off'),
  });

  const audit = (tx: Tx, who: { brandId: string; userId: string }, act: string, detail: string) =>
    note(tx, d.now().getTime(), { brandId: who.brandId, actor: `user:${who.userId}`, act, detail });

  return {
    of(brandId) {
      const r = store.read.hot('select * from alert_webhook where brand_id = ?').get(brandId);
      if (!r) return undefined;
      return {
        url: r.url as string,
        since: r.since as string,
        ...(r.last_good_at ? { lastGoodAt: r.last_good_at as string } : {}),
        ...(r.failing_since ? { failingSince: r.failing_since as string } : {}),
        ...(r.off_at ? { offAt: r.off_at as string } : {}),
      };
    },
    async set(who, text) {
      const url = await check(text);
      const secret = `whsec_${randomBytes(32).toString('base64')}`;
      await store.write((tx) => {
        const sealed = vault.seal(wrappedKeyOf(tx, who.brandId), place(who.brandId), secret);
        tx.hot(
          `insert into alert_webhook (brand_id, url, sealed, since) values (?, ?, ?, ?) on conflict (brand_id)
           do update set url = excluded.url, sealed = excluded.sealed, since = excluded.since, last_good_at = null,
           failing_since = null, off_at = null`,
        ).run(who.brandId, url.href, sealed, d.now().toISOString());
        audit(tx, who, 'webhook-set', url.host);
      });
      worker.wake();
      return { secret };
    },
    remove: (who) =>
      store.write((tx) => {
        tx.hot('delete from alert_webhook where brand_id = ?').run(who.brandId);
        dropWaiting(tx, who.brandId);
        audit(tx, who, 'webhook-removed', '');
      }),
    queue(tx, brandId, { id, body }) {
      tx.hot(
        `insert into webhook_delivery (id, brand_id, body, state, attempts, not_before_ms, at)
         select ?, w.brand_id, ?, 'waiting', 0, 0, ? from alert_webhook w where w.brand_id = ? and w.off_at is null
         on conflict do nothing`,
      ).run(id, body, d.now().toISOString(), brandId);
    },
    ...worker,
  };
}
