import { createHttp } from '../../server/egress/http.ts';
import { createOauth } from '../../server/egress/oauth.ts';
import { createTokens } from '../../server/egress/tokens.ts';
import { createVault } from '../../server/egress/vault.ts';
import { openStore } from '../../server/store/open.ts';
import { testClient, vendorFacts, vendorOrigins } from './honest-as.ts';

/** What one process of several over the same store is told. */
export interface TokenProcessOrder {
  path: string;
  key: string;
  origin: string;
  host: string;
  brand: string;
  integration: string;
  calls: number;
}

const order = JSON.parse(process.argv[2] ?? '') as TokenProcessOrder;
const monotonic = () => performance.now();
const store = openStore(order.path);
const http = createHttp({ allow: [order.host], monotonic });
const tokens = createTokens({
  store,
  vault: createVault(Buffer.from(order.key, 'base64url')),
  oauth: createOauth({ http, origins: vendorOrigins(order.origin), monotonic }),
  clients: () => testClient,
  facts: () => vendorFacts(),
  monotonic,
  now: Date.now,
  random: Math.random,
  log: { warn: (facts, message) => console.error(JSON.stringify({ ...facts, message })) },
});
console.log('ready');
await new Promise((go) => process.stdin.once('data', go));
process.stdin.destroy();
const asked = Array.from({ length: order.calls }, () => tokens.access(order.brand, order.integration));
console.log('asked'); // each call has looked at the row by now
const got = await Promise.all(asked);
console.log(JSON.stringify([...new Set(got)]));
await http.close();
store.close();
