import { type Context, Hono } from 'hono';
import { problem } from '#contract/problem.ts';
import { listedKeys } from '../egress/key-rows.ts';
import { consistencyOf, proofOf } from '../egress/ledger.ts';
import { fromDecimal } from '../gate/encoding.ts';
import { lastCheckpoint } from '../store/ledger.ts';
import type { Env } from './callers.ts';
import type { HubDeps } from './deps.ts';
import { limited } from './limits.ts';

/** Answers with data for programs: nothing in it is about a person, and none of it is a page. */
function data(c: Context<Env>, body: string, type: string): Response {
  c.header('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
  c.header('x-frame-options', 'DENY');
  c.header('cross-origin-resource-policy', 'same-origin');
  c.header('cache-control', 'no-cache');
  return c.body(body, 200, { 'content-type': type });
}

/** A text of the ledger: hashes, sizes and signatures. */
const text = (c: Context<Env>, body: string | undefined): Response =>
  body === undefined
    ? problem('not-found', 'The ledger has no such row, or it is signed in a second.')
    : data(c, body, 'text/plain; charset=utf-8');

/**
 * What anyone may ask of the ledger (GATE.md f, R33): its newest checkpoint, to be kept elsewhere; that a kept one is
 * still its beginning; that a row stands in it; and the keys it was signed with. The checkpoint's address is the
 * ledger's name followed by `checkpoint`, as c2sp.org/tlog-tiles has it.
 */
export function ledgerRoutes(d: HubDeps): Hono<Env> {
  const app = new Hono<Env>();
  const perClient = limited(d.limits.pages, (c) => c.get('client'));
  const { read } = d.store;
  app.get('/ledger/checkpoint', perClient, (c) => text(c, lastCheckpoint(read)?.note));
  app.get('/ledger/proof/:index', perClient, (c) =>
    text(c, proofOf(read, fromDecimal(c.req.param('index'), 'the index'))),
  );
  app.get('/ledger/consistency/:old/:size', perClient, (c) => {
    const { old, size } = c.req.param();
    return text(c, consistencyOf(read, fromDecimal(old, 'the older size'), fromDecimal(size, 'the size')));
  });
  app.get('/.well-known/consent-keys.json', perClient, (c) =>
    data(c, JSON.stringify({ origin: d.signer.origin, keys: listedKeys(read) }), 'application/json'),
  );
  return app;
}
