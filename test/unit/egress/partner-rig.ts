import { afterEach } from 'vitest';
import { createHttp, type HttpDeps } from '../../../server/egress/http.ts';
import { createPartnerCall, type PartnerCallDeps } from '../../../server/egress/partner.ts';
import { type EvilAnswer, openEvil } from '../../support/evil.ts';
import { vendorFacts } from '../../support/honest-as.ts';

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

export const TOKEN = 'LIVE-TOKEN-9e9e';
export const post = { method: 'POST', path: '/contacts', body: { email: 'ada@harbor.example' } };

export async function scene(
  answer?: EvilAnswer,
  more: Partial<PartnerCallDeps> = {},
  httpMore: Partial<HttpDeps> = {},
) {
  const evil = await openEvil(answer);
  open.push(evil.close);
  const asked: string[] = [];
  const resolve: HttpDeps['resolve'] = (host, done) => {
    asked.push(host);
    done(null, [{ address: '127.0.0.1', family: 4 }]);
  };
  const http = createHttp({ allow: [evil.host], monotonic: () => performance.now(), resolve, ...httpMore });
  open.push(http.close);
  const ticks: string[] = [];
  const deps: PartnerCallDeps = {
    http,
    facts: vendorFacts(),
    connection: { sandbox: true },
    origins: new Map([['https://api.vendor.example', `${evil.origin}/vendor/`]]),
    token: async () => ({ access: TOKEN }),
    ticket: { fence: () => void ticks.push('fence'), written: () => void ticks.push('written') },
    leak: { denied: { phone: '+4512345678' }, allowed: { email: 'ada@harbor.example' }, constants: [] },
    ...more,
  };
  return { evil, deps, ticks, asked, ...createPartnerCall(deps) };
}
