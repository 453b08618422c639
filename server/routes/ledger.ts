import { type Context, Hono } from 'hono';
import { problem } from '#contract/problem.ts';
import { listedKeys } from '../egress/key-rows.ts';
import { consistencyOf, proofOf } from '../egress/ledger.ts';
import { fromDecimal } from '../gate/encoding.ts';
import { lastCheckpoint } from '../store/ledger.ts';
import type { Env } from './callers.ts';
import type { HubDeps } from './deps.ts';
import { limited } from './limits.ts';

/** A text of the ledger: hashes, sizes and signatures, nothing about a person. */
function text(c: Context<Env>, body: string | undefined): Response {
  if (body === undefined) problem('not-found', 'The ledger has no such row, or it is signed in a second.');
  c.header('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
  c.header('cache-control', 'no-cache');
  return c.text(body);
}

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
    c.json({ origin: d.signer.origin, keys: listedKeys(read) }),
  );
  return app;
}
