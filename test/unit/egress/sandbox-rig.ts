import { afterAll } from 'vitest';
import {
  createSandbox,
  type PartnerAnswer,
  type PartnerRequest,
  SandboxError,
} from '../../../server/egress/sandbox.ts';

export const ada = { email: 'ada.brandt@shop.example', name: 'Ada Brandt' };
export const info = { chat: { number: 4211, at: '2026-11-22T13:05:00Z' }, key: 'share-1' };
export const any = '{ safeParse: (data) => ({ success: true, data }) }';
export const ok: PartnerAnswer = { status: 200, body: { id: '512' } };

export const sandbox = createSandbox({ workers: 2, memoryPages: 1024, cpuDeadlineMs: 2_000, totalDeadlineMs: 20_000 });
afterAll(() => sandbox.close());

/** Runs a handler written as text; gives its result or error, and the requests that reached egress. */
export async function run(
  body: string,
  options: {
    on?: typeof sandbox;
    before?: string;
    visitor?: object;
    call?: (request: PartnerRequest) => Promise<PartnerAnswer>;
  } = {},
) {
  const requests: PartnerRequest[] = [];
  const code = `${options.before ?? ''}; globalThis.adapter = { on: { CustomerCare: async (visitor, partner) => { ${body} } } };`;
  const ended = await (options.on ?? sandbox)
    .run({
      code,
      purpose: 'CustomerCare',
      visitor: options.visitor ?? ada,
      partner: info,
      call: (request) => {
        requests.push(request);
        return (options.call ?? (async () => ok))(request);
      },
    })
    .then(
      (result) => ({ result, error: undefined }),
      (error: unknown) => ({ result: undefined, error }),
    );
  return { ...ended, requests };
}
export const kind = (error: unknown) => (error instanceof SandboxError ? error.kind : error);
/** What an expression is inside, as text. */
export const inside = async (expression: string) =>
  (await run(`let s; try { s = String(${expression}); } catch (e) { s = 'threw ' + e.name; } return { record: s };`))
    .result?.record;
