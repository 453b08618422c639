/** What an adapter asks egress to do: a path of its call list; the host is the connection's. */
export interface PartnerRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  body?: unknown;
}

/** What the partner answered; `body` is parsed JSON, or null when there was none. */
export interface PartnerAnswer {
  status: number;
  body: unknown;
}

/** What the hub tells about a share besides its fields (sdk `Partner`). */
export interface PartnerInfo {
  record?: string;
  chat: { number: number; at: string };
  /** The same at each try of one share. */
  key: string;
}

/** To the worker. Everything an adapter sees is JSON text; no host object crosses. */
export type ToWorker =
  | { type: 'run'; id: number; code: string; purpose: string; visitor: string; partner: string }
  | { type: 'answer'; id: number; call: number; answer: string }
  | { type: 'drop'; id: number };

/** From the worker. `answered` counts the answers it has used, so that a late `waiting` is told from a true one. */
export type FromWorker =
  | { type: 'ready' }
  | { type: 'call'; id: number; call: number; request: string }
  | { type: 'waiting'; id: number; answered: number }
  | { type: 'end'; id: number; outcome: string };

/** What a handler came to: its result, or a word about its failure and nothing it said itself. */
export type Outcome =
  | { ok: unknown }
  | { fail: 'threw' | 'refused' | 'bad-result' | 'memory'; reason?: unknown; status?: unknown };

/** Limits of one delivery that are not options: counts, and lengths in characters. */
export const limits = { calls: 20, request: 600_000, outcome: 20_000, path: 2_048, stackBytes: 256 * 1024 } as const;
