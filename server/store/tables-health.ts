/** How calls to a connection's partner went, where they did not all go well (egress/circuit.ts). */
interface CircuitTable {
  integration_id: string;
  brand_id: string;
  /** Rounds of calls that failed since the last good one. */
  failures: number;
  /** Database order of the newest counted failure: a call claimed before it belongs to the same round. */
  failed_seq: number;
  /** When the first of them failed; milliseconds since 1970, 0 where none did. */
  failing_since_ms: number;
  is_open: 0 | 1;
  /** Nothing is claimed before it; milliseconds since 1970. */
  open_until_ms: number;
  /** Counts breaks. */
  breaks: number;
  /** What is broken now; null where nothing is. */
  broken: 'circuit' | 'reconnect' | null;
}

interface AlertTable {
  integration_id: string;
  break: number;
  kind: 'broken' | 'works';
  /** What is, or was, broken. */
  what: 'circuit' | 'reconnect';
  brand_id: string;
  /** One plain sentence of ours. */
  cause: string;
  at: string;
  /** When its mails and its webhook were put on their way. */
  told_at: string | null;
}

interface AlertWebhookTable {
  brand_id: string;
  url: string;
  /** The signing secret under the brand's key. */
  sealed: string;
  since: string;
  last_good_at: string | null;
  failing_since: string | null;
  off_at: string | null;
}

interface WebhookDeliveryTable {
  /** The `webhook-id`, by which a receiver knows a repetition. */
  id: string;
  brand_id: string;
  body: string;
  state: 'waiting' | 'done' | 'over';
  attempts: number;
  not_before_ms: number;
  at: string;
}

/** Health of connections and what is told about it. */
export interface HealthTables {
  circuit: CircuitTable;
  alert: AlertTable;
  alert_webhook: AlertWebhookTable;
  webhook_delivery: WebhookDeliveryTable;
}
