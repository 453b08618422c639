import type { AlertLine } from '#contract/alert.ts';
import { recipientName } from '../store/disclosures.ts';
import type { Store, Tx } from '../store/open.ts';
import { createRowWorker, type RowWorker } from '../store/row-worker.ts';
import { type AlertNews, alertEvent, alertMail } from './alert-words.ts';

/** What a brand was told, newest first; at most 50. */
export const alertLines = (read: Pick<Tx, 'hot'>, brandId: string): AlertLine[] =>
  read
    .hot(
      `select a.integration_id, a.kind, a.what, a.cause, a.at, ${recipientName} as partner from alert a
       join integration i on i.id = a.integration_id
       left join manifest m on m.brand_id = i.brand_id and m.hash = i.manifest_hash
       where a.brand_id = ? order by a.at desc, a.break desc, a.kind desc limit 50`,
    )
    .all(brandId)
    .map((r) => ({
      partner: r.partner as string,
      connection: r.integration_id as string,
      kind: r.kind as AlertLine['kind'],
      what: r.what as AlertLine['what'],
      cause: r.cause as string,
      at: r.at as string,
    }));

/** What createAlerts is handed. */
export interface AlertsDeps {
  store: Store;
  /** The hub's own origin. */
  origin: string;
  now: () => Date;
  /** Addresses of the brand's owners and admins. */
  admins(brandId: string): readonly string[];
  /** Puts one mail into the outbox, inside the transaction. */
  mail(tx: Tx, to: string, subject: string, body: string): void;
  /** Puts one message to the brand's webhook on its way, inside the transaction. */
  webhook(tx: Tx, brandId: string, message: { id: string; body: string }): void;
  /** Told after the commit, with the brands concerned: mail and webhooks are worked off elsewhere, panels say who knows. */
  told(brands: ReadonlySet<string>): void;
  failed(error: unknown): void;
}

/** How often it looks by itself, milliseconds: nobody is told later than this of what another part noticed. */
const lookMs = 30_000;
/** Alerts told in one commit. */
const most = 50;

const select = `select a.integration_id, a.break, a.kind, a.what, a.cause, a.at, a.brand_id, b.name as brand, b.slug,
  ${recipientName} as partner from alert a join brand b on b.id = a.brand_id
  join integration i on i.id = a.integration_id
  left join manifest m on m.brand_id = i.brand_id and m.hash = i.manifest_hash
  where a.told_at is null order by a.at limit ${most}`;

function newsOf(r: Record<string, unknown>, origin: string): AlertNews {
  const integration = r.integration_id as string;
  return {
    id: `alert_${integration}_${r.break}_${r.kind}`,
    kind: r.kind as AlertNews['kind'],
    what: r.what as AlertNews['what'],
    cause: r.cause as string,
    at: r.at as string,
    brand: { slug: r.slug as string, name: r.brand as string },
    partner: r.partner as string,
    integration,
    link: `${origin}/console/connections/${encodeURIComponent(integration)}`,
  };
}

/**
 * Makes the teller of breaks and recoveries, once each (R7). An alert's mails, its webhook message and the mark that it
 * was told are one transaction, so that a second worker, a retry or a restart finds it told. What is sent from those
 * rows afterwards carries the alert's own id.
 */
export function createAlerts(d: AlertsDeps): RowWorker {
  const tell = (tx: Tx): string[] => {
    const rows = tx.hot(select).all();
    for (const row of rows) {
      const news = newsOf(row, d.origin);
      const brandId = row.brand_id as string;
      const { subject, body } = alertMail(news);
      for (const to of d.admins(brandId)) d.mail(tx, to, subject, body);
      d.webhook(tx, brandId, { id: news.id, body: JSON.stringify(alertEvent(news)) });
      tx.hot('update alert set told_at = ? where integration_id = ? and break = ? and kind = ?').run(
        d.now().toISOString(),
        news.integration,
        row.break as number,
        news.kind,
      );
    }
    return rows.map((row) => row.brand_id as string);
  };

  const anyLeft = (): boolean =>
    d.store.read.hot('select 1 as one from alert where told_at is null limit 1').get() !== undefined;
  return createRowWorker({
    async round() {
      if (!anyLeft()) return false; // a hub with nothing to tell writes nothing
      const told = await d.store.write(tell);
      d.told(new Set(told));
      return told.length === most;
    },
    nextMs: () => d.now().getTime() + lookMs,
    now: () => d.now().getTime(),
    failed: d.failed,
  });
}
