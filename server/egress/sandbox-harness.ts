/**
 * Runs one handler. `send` takes and gives JSON text, `done` is called once with an Outcome as JSON text.
 * The sandbox evaluates this function's own text, so it refers to nothing outside itself.
 */
export function harness(send: (request: string) => Promise<string>, done: (outcome: string) => void) {
  const { parse, stringify } = JSON;
  const { freeze, assign } = Object;
  const fail = (reason: string, status: number) =>
    assign(new Error(`partner: ${reason} ${status}`), { name: 'PartnerError', reason, status });
  type Returns = { safeParse(value: unknown): { success: boolean; data?: unknown } };
  const caller =
    (method: string) =>
    async (path: string, options: { body?: unknown; returns?: Returns } = {}) => {
      const answer = parse(await send(stringify({ method, path, body: options.body })));
      if (answer.status < 200 || answer.status > 299) throw fail('status', answer.status);
      if (!options.returns) return undefined;
      const read = options.returns.safeParse(answer.body);
      if (!read.success) throw fail('form', answer.status);
      return read.data;
    };
  return async (
    adapter: { on?: Record<string, unknown>; webhook?: unknown } | undefined,
    purpose: string,
    visitor: string,
    info: string,
  ): Promise<void> => {
    try {
      // no purpose has this name: what came is then an event, and there is nobody to call
      const hears = purpose === 'webhook';
      const handler = hears ? adapter?.webhook : adapter?.on?.[purpose];
      if (typeof handler !== 'function') return done('{"fail":"refused"}');
      if (hears) return done(stringify({ ok: (await handler(parse(visitor))) ?? null }));
      const { record, chat, key } = parse(info);
      const partner = freeze({
        get: caller('GET'),
        post: caller('POST'),
        put: caller('PUT'),
        patch: caller('PATCH'),
        delete: caller('DELETE'),
        record,
        chat: freeze(chat),
        key,
      });
      const result = await handler(freeze(parse(visitor)), partner);
      done(stringify({ ok: result ?? null }));
    } catch (error) {
      const words = error instanceof Error ? error.message : '';
      const known = error instanceof Error && error.name === 'PartnerError' ? error : {};
      const { reason, status } = known as { reason?: unknown; status?: unknown };
      done(stringify({ fail: words === 'out of memory' ? 'memory' : 'threw', reason, status }));
    }
  };
}

/** Taken away before adapter code runs: ways to make code from text, and chance. Date and memory views are never there. */
export const lockdown = `
for (const f of [function () {}, async function () {}, function* () {}, async function* () {}])
  Object.defineProperty(Object.getPrototypeOf(f), 'constructor', { value: undefined });
delete globalThis.eval; delete globalThis.Function; delete Math.random;`;
