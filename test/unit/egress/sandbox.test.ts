import { describe, expect, test, vi } from 'vitest';
import { createSandbox } from '../../../server/egress/sandbox.ts';
import { ada, any, info, inside, kind, ok, run, sandbox } from './sandbox-rig.ts';

vi.setConfig({ testTimeout: 30_000 });

describe('a delivery', () => {
  test('hands the handler its fields, frozen, and gives back what it reports', async () => {
    const { result, requests } = await run(`
      const answer = await partner.post('/contacts', { body: { id: visitor.email }, returns: ${any} });
      return { record: answer.id, card: [{ label: 'Frozen', value: String(Object.isFrozen(visitor) && Object.isFrozen(partner)) }] };`);
    expect(result).toEqual({ record: '512', card: [{ label: 'Frozen', value: 'true' }] });
    expect(requests).toEqual([{ method: 'POST', path: '/contacts', body: { id: ada.email } }]);
  });

  test('R82 a field that was not handed over is absent, not blank', async () => {
    const { result } = await run(`return { record: Object.keys(visitor).join() + ('phone' in visitor) };`);
    expect(result?.record).toBe('email,namefalse');
  });

  test('an error status rejects inside with a PartnerError that holds the status and no text of the partner', async () => {
    const call = async () => ({ status: 409, body: { message: `exists: ${ada.email}` } });
    const caught = await run(
      `try { await partner.get('/a', { returns: ${any} }) } catch (e) { return { record: e.name + ' ' + e.reason + ' ' + e.status } }`,
      { call },
    );
    expect(caught.result?.record).toBe('PartnerError status 409');
    const { error } = await run(`await partner.get('/a', { returns: ${any} });`, { call });
    expect(error).toMatchObject({ kind: 'threw', reason: 'status', status: 409, message: 'adapter: threw status 409' });
  });

  test('an answer of another form never reaches the handler', async () => {
    const { error } = await run(`await partner.get('/a', { returns: { safeParse: () => ({ success: false }) } });`);
    expect(error).toMatchObject({ kind: 'threw', reason: 'form', status: 200 });
  });

  test('what an adapter throws stays inside: the error holds no value of the person', async () => {
    const { error } = await run(
      `throw Object.assign(new Error(visitor.email), { name: visitor.name, reason: visitor.email });`,
    );
    expect(kind(error)).toBe('threw');
    expect(`${error} ${(error as Error).stack} ${JSON.stringify(error)}`).not.toMatch(/brandt/i);
  });

  test('when egress refuses a call the adapter is stopped and egress gets its own error back', async () => {
    const refusal = new Error('lease over');
    const { error, requests } = await run(
      `try { await partner.get('/a') } catch {} try { await partner.get('/b') } catch {} return { record: 'went on' };`,
      { call: () => Promise.reject(refusal) },
    );
    expect(error).toBe(refusal);
    expect(requests.map((r) => r.path)).toEqual(['/a']);
  });

  test('one refusal among calls made together ends them all', async () => {
    const refusal = new Error('lease over');
    const { error, requests } = await run(
      `await Promise.allSettled([partner.get('/a'), partner.get('/b')]); await partner.get('/c'); return {};`,
      { call: async ({ path }) => (path === '/b' ? Promise.reject(refusal) : ok) },
    );
    expect(error).toBe(refusal);
    expect(requests.map((r) => r.path)).toEqual(['/a', '/b']);
  });

  test('a purpose without a handler, code that does not parse and a handler that never ends are refused at once', async () => {
    const base = { visitor: ada, partner: info, call: async () => ok };
    const odd = (code: string) => sandbox.run({ ...base, code, purpose: 'CustomerCare' }).catch(kind);
    expect(await odd('globalThis.adapter = { on: {} }')).toBe('refused');
    expect(await odd('globalThis.nothing = 1')).toBe('refused');
    expect(await odd('this is no code')).toBe('threw');
    expect(kind((await run('await new Promise(() => {});')).error)).toBe('bad-result');
  });

  test.each([
    ['{ record: 7 }'],
    ['{ record: "x".repeat(257) }'],
    ['{ record: "" }'],
    ['"512"'],
    ['null'],
    ['[]'],
    ['{ card: {} }'],
    ['{ card: [{ label: "a" }] }'],
    ['{ card: [{ label: "a", value: "x".repeat(201) }] }'],
    ['{ card: Array(21).fill({ label: "a", value: "b" }) }'],
    ['{ record: "a", more: "x".repeat(20000) }'],
    ['{ card: [null] }'],
  ])('a result of another form is refused: %s', async (value) => {
    expect(kind((await run(`return ${value};`)).error)).toBe('bad-result');
  });
});

describe('R85 GATE-48 what a hostile adapter gets', () => {
  test.each([
    ['typeof fetch'],
    ['typeof process'],
    ['typeof require'],
    ['typeof module'],
    ['typeof setTimeout'],
    ['typeof XMLHttpRequest'],
    ['typeof WebSocket'],
    ['typeof Worker'],
    ['typeof WebAssembly'],
    ['typeof Date'],
    ['typeof performance'],
    ['typeof eval'],
    ['typeof Function'],
    ['typeof SharedArrayBuffer'],
    ['typeof Atomics'],
    ['typeof Math.random'],
    ['typeof console'],
    ['(() => {}).constructor'],
    ['(async () => {}).constructor'],
    ['(function* () {}).constructor'],
    ['(async function* () {}).constructor'],
  ])('GATE-48 %s is undefined', async (expression) => {
    expect(await inside(expression)).toBe('undefined');
  });

  test.each([
    ['Function("return this")()'],
    ['visitor.constructor.constructor("return process")()'],
    ['partner.get.constructor("return this")()'],
    ['Reflect.getPrototypeOf(partner.post).constructor("return 1")()'],
    ['this.constructor.constructor("return process")()'],
    ['eval("process")'],
  ])('%s reaches nothing', async (expression) => {
    expect(await inside(expression)).toMatch(/^threw (Type|Reference)Error$/);
  });

  test('GATE-48 import() finds no module, of Node or of ours', async () => {
    const network = ['node:http', 'node:net', 'node:dgram', 'node:dns', 'node:worker_threads', 'undici'];
    for (const name of [...network, 'node:fs', 'fs', './sandbox.ts', 'data:text/javascript,1']) {
      const { result } = await run(
        `try { await import('${name}'); return { record: 'loaded' } } catch (e) { return { record: e.name } }`,
      );
      expect(result?.record).toBe('ReferenceError');
    }
  });

  test('the global object holds the language and nothing of a host', async () => {
    const names =
      await run(`return { card: Object.getOwnPropertyNames(globalThis).map((n) => n).reduce((rows, n, i) => {
      (rows[i % 20] ??= { label: String(i % 20), value: '' }).value += n + ' '; return rows }, []) };`);
    const found = names.result?.card?.flatMap((row) => row.value.trim().split(' ')) ?? [];
    const host = new Set([...Object.getOwnPropertyNames(globalThis), 'require', 'module', 'exports']);
    const language = new Set(
      'Object Array Iterator String Number Boolean Symbol BigInt Math JSON Reflect Proxy RegExp Promise Map Set WeakMap WeakSet WeakRef FinalizationRegistry Error EvalError RangeError ReferenceError SyntaxError TypeError URIError InternalError AggregateError parseInt parseFloat isNaN isFinite decodeURI decodeURIComponent encodeURI encodeURIComponent escape unescape Infinity NaN undefined globalThis adapter'.split(
        ' ',
      ),
    );
    expect(found.length).toBeGreaterThan(30);
    expect(found.filter((name) => host.has(name) && !language.has(name))).toEqual([]);
    expect(found.filter((name) => !language.has(name))).toEqual([]);
  });

  test('nothing of one person is there for the next, whatever was changed', async () => {
    const one = createSandbox({ workers: 1, memoryPages: 1024, cpuDeadlineMs: 2_000, totalDeadlineMs: 20_000 });
    const keep = `
      const seen = globalThis.kept ?? Object.prototype.kept ?? Array.prototype.kept ?? 'nobody';
      globalThis.kept = Object.prototype.kept = Array.prototype.kept = visitor.email;
      JSON.parse = () => ({ email: 'stolen' });
      return { record: seen + ' ' + visitor.email };`;
    const results: unknown[] = [];
    for (const email of ['ada.brandt@shop.example', 'jens@harbor.example', 'maria@harbor.example'])
      results.push((await run(keep, { on: one, visitor: { email } })).result?.record);
    expect(results).toEqual([
      'nobody ada.brandt@shop.example',
      'nobody jens@harbor.example',
      'nobody maria@harbor.example',
    ]);
    expect(one.stats.workers).toBe(1);
    await one.close();
  });

  test('in one thread each adapter finds its own bundle as it was read, and nothing another one left', async () => {
    const one = createSandbox({ workers: 1, memoryPages: 1024, cpuDeadlineMs: 2_000, totalDeadlineMs: 20_000 });
    const seen: unknown[] = [];
    for (const [name, repeat] of [
      ['a', 1],
      ['a', 1],
      ['b', 1],
      ['a', 40_000_000],
      ['a', 1],
    ] as const) {
      const before = `globalThis.left = (globalThis.left ?? '') + '${name}'; let runs = 0;`;
      const body = `runs += 1; globalThis.left += visitor.name; globalThis.big = 'x'.repeat(${repeat}) + visitor.name;
        return { record: left + runs };`;
      seen.push((await run(body, { on: one, before })).result?.record);
    }
    await one.close();
    expect(seen).toEqual(['aAda Brandt1', 'aAda Brandt1', 'bAda Brandt1', 'aAda Brandt1', 'aAda Brandt1']);
  });

  test('a polluted result pollutes nothing here', async () => {
    const { result, error } = await run(
      `return JSON.parse('{"record":"512","__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}}}');`,
    );
    expect([result, kind(error)]).toEqual([undefined, 'overreach']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(({} as Record<string, unknown>).record).toBeUndefined();
  });

  test.each([
    ['return 7'],
    ['return null'],
    ['return { fail: "constructor" }'],
    ['return { fail: 7 }'],
    ['return []'],
    ['return undefined'],
  ])('a forged outcome is no result: %s', async (forged) => {
    const { error } = await run(`Object.prototype.toJSON = function () { ${forged} }; return { record: '512' };`);
    expect(kind(error)).toBe('bad-result');
  });

  test('after it returned it reaches the partner no more', async () => {
    const { result, requests } = await run(`
      const later = async () => { for (let i = 0; i < 50; i++) await null; await partner.get('/late'); };
      void later(); return { record: 'done' };`);
    expect(result?.record).toBe('done');
    expect(requests).toEqual([]);
  });

  test('a call it did not wait for still belongs to the delivery', async () => {
    const { error, requests } = await run(`void partner.get('/floating').catch(() => {}); return { record: 'done' };`, {
      call: () => new Promise((_, reject) => setTimeout(() => reject(new Error('refused later')), 50)),
    });
    expect(requests).toHaveLength(1);
    expect(error).toMatchObject({ message: 'refused later' });
  });

  test('more than 20 calls, a request of another form and one that is too large are refused', async () => {
    const many = await run(
      `for (let i = 0; i < 30; i++) await partner.get('/n/' + i, { returns: ${any} }); return {};`,
    );
    expect([kind(many.error), many.requests.length]).toEqual(['refused', 20]);
    for (const call of [
      `partner.get('https://evil.example/')`,
      `partner.get('//evil.example/')`,
      `partner.get(7)`,
      `partner.get('/' + 'x'.repeat(3000))`,
      `partner.post('/a', { body: 'x'.repeat(700000) })`,
    ]) {
      const { error, requests } = await run(`try { await ${call} } catch {} return { record: 'went on' };`);
      expect([call, kind(error), requests.length]).toEqual([call, 'refused', 0]);
    }
  });
});
