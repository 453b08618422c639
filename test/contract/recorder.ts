import type { Partner } from '#sdk';
import type { Judge, WireRequest } from './prism.ts';

/** Thrown when the description refuses what an adapter sends; names the rule, never the value. */
class RefusedByDescription extends Error {
  constructor(request: WireRequest, reasons: readonly string[]) {
    super(`${request.method} ${request.path} is refused by the description: ${reasons.join('; ')}`);
    this.name = 'RefusedByDescription';
  }
}

/**
 * A partner client as egress hands one to an adapter, without the sandbox: each request is recorded and held against
 * the description before it goes on to `base`, a stateful fake whose answer the adapter reads. Prism's own answer must
 * have the form the adapter expects too.
 */
export function recordingPartner(deps: {
  /** Absent where only the requests matter, as beside a vendor's SDK. */
  judge?: Judge;
  base: string;
  token: string;
  chat: Partner['chat'];
  record?: string;
}): { partner: Partner; requests: WireRequest[] } {
  const requests: WireRequest[] = [];
  const call =
    (method: string): Partner['get'] =>
    async (path, { body, returns }) => {
      const request: WireRequest = {
        method,
        path,
        headers: {
          authorization: `Bearer ${deps.token}`,
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      };
      requests.push(request);
      const verdict = await deps.judge?.judge(request);
      if (verdict?.refused) throw new RefusedByDescription(request, verdict.reasons);
      if (verdict) returns.parse(verdict.body);
      const { headers } = request;
      const answer = await fetch(deps.base + path, {
        method,
        headers,
        ...(request.body === undefined ? {} : { body: request.body }),
      });
      if (!answer.ok) throw new Error(`The fake partner answered ${answer.status} to ${method} ${path}.`);
      return returns.parse(await answer.json());
    };
  const partner: Partner = {
    get: call('GET'),
    post: call('POST'),
    put: call('PUT'),
    patch: call('PATCH'),
    delete: call('DELETE'),
    chat: deps.chat,
    key: 'contract-test',
    ...(deps.record === undefined ? {} : { record: deps.record }),
  };
  return { partner, requests };
}
