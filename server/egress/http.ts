import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { Agent, type Dispatcher } from 'undici';
import type { PausePoint } from './fence.ts';
import { AddressRefused, createConnector, type Resolve } from './guard.ts';
import type { Errand } from './tally.ts';

/** One request, serialised whole: the body is text or bytes, never a stream, so that it goes in the tick of the fence. */
interface Call {
  origin: string;
  method: Dispatcher.HttpMethod;
  /** Path with query, already encoded. */
  path: string;
  headers: Record<string, string>;
  body?: string | Buffer;
  /** What it is for; a call that does not say so raises an alarm (SECURITY.md control 7). */
  errand?: Errand;
  /** Asked in the very tick of the write (GATE.md e.2.4); what it throws stops the request with zero bytes. */
  fence?: () => void;
  /**
   * Told in that tick, after the fence passed. Undici hands head and body to the socket in one write, and what the
   * kernel does not take at once goes out later without asking anybody: `cut` destroys the socket while it still holds
   * some of it, and the call is then `unknown`, or `sent` and cut, as `stopped` (GATE.md e.2.4, "Opt-out").
   */
  onWritten?: (cut: () => void) => void;
}

/** Why nothing left: no connection was made or none was allowed. */
export type FailedWhy = 'refused' | 'connect' | 'timeout' | 'invalid';
/** Why an answer, or the rest of one, is missing. */
export type CutWhy = 'timeout' | 'too-large' | 'closed' | 'stopped';

/**
 * What became of a call. `aborted`: the fence threw `reason`, no byte left. `failed`: no byte left. `unknown`: a byte may
 * have left and no answer came. `sent`: the partner answered; with `cut` its body did not arrive whole and is empty.
 */
export type Dispatched =
  | { kind: 'aborted'; reason: unknown }
  | { kind: 'failed'; why: FailedWhy }
  | { kind: 'unknown'; why: CutWhy }
  | { kind: 'sent'; status: number; headers: Record<string, string>; body: Buffer; cut?: CutWhy };

/** The one way to a socket. */
export interface Http {
  /** Performs one call; never rejects for what the network or the partner does. Redirects are answers like any other. */
  dispatch(call: Call): Promise<Dispatched>;
  /** Opens DNS, TCP and TLS to `origin` without a byte of HTTP (GATE.md e.2.1); true when a connection stands ready. */
  warm(origin: string): Promise<boolean>;
  close(): Promise<void>;
}

/** What createHttp is handed. */
export interface HttpDeps {
  /** Exact `host:port` of loopback sandbox partners; only these may be reached inside, and only these over http. */
  allow: readonly string[];
  /** Milliseconds that never run back. */
  monotonic: () => number;
  resolve?: Resolve;
  /** The way past the tripwire (tripwire.ts), where one is set. */
  through?: <T>(connect: () => T) => T;
  /** Longest life of one call in milliseconds, its connection and a dripping body included (SECURITY.md OA5). */
  totalMs?: number;
  /** Told of each call in the tick of its write, after the fence passed. */
  tally?: (errand: Errand | undefined) => void;
  /** The one address of this machine that calls leave from; the system's choice where left out (SECURITY.md control 3). */
  localAddress?: string;
  /** Seam for tests (GATE.md l): awaited before the request is handed over, and before its answer is. */
  pause?: (point: PausePoint) => Promise<void>;
}

const maxBody = 1 << 20;
const warmed = new Error('warm');
const tooLate = new Error('too late');
const sendHeaders = 'undici:client:sendHeaders';

const wordFor = (error: unknown): CutWhy => {
  const code = (error as { code?: string } | null)?.code;
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE' || code === 'UND_ERR_HEADERS_OVERFLOW') return 'too-large';
  return code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT' ? 'timeout' : 'closed';
};
const failureFor = (error: unknown): FailedWhy => {
  if (error instanceof AddressRefused) return 'refused';
  const code = (error as { code?: string } | null)?.code;
  if (error === tooLate || code === 'UND_ERR_CONNECT_TIMEOUT') return 'timeout';
  return code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED' ? 'invalid' : 'connect';
};

/** Makes the only undici Agent of the hub: HTTP/1.1, guarded addresses, capped and timed, blind to proxy variables. */
export function createHttp({
  allow,
  monotonic,
  resolve,
  through,
  totalMs = 10_000,
  tally,
  localAddress,
  pause,
}: HttpDeps): Http {
  const allowed = new Set(allow);
  const agent = new Agent({
    allowH2: false,
    connect: createConnector({ allow, ...(resolve && { resolve }), ...(through && { through }) }),
    connections: 128,
    headersTimeout: totalMs,
    bodyTimeout: totalMs,
    maxHeaderSize: 16_384,
    maxResponseSize: maxBody,
    ...(localAddress && { localAddress }),
  });

  // Undici names a request's socket on this channel alone, right after onRequestStart and before the write.
  let starting: ((socket: Socket) => void) | undefined;
  const named = (message: unknown) => starting?.((message as { socket: Socket }).socket);
  subscribe(sendHeaders, named);

  // Clear text only to a sandbox partner; an origin is scheme, host and port and nothing else (no user@, no path).
  const mayDial = (origin: string) => {
    const url = URL.parse(origin);
    if (!url || url.origin !== origin || url.username) return false;
    return (
      url.protocol === 'https:' || (url.protocol === 'http:' && allowed.has(`${url.hostname}:${url.port || '80'}`))
    );
  };

  function exchange(call: Call): Promise<Dispatched> {
    return new Promise((resolve) => {
      const deadline = monotonic() + totalMs;
      let state: 'waiting' | 'stopped' | 'written' | 'over' = 'waiting';
      let reason: unknown;
      let control: Dispatcher.DispatchController | undefined;
      let socket: Socket | undefined;
      let status = 0;
      let headers: Record<string, string> = {};
      const chunks: Buffer[] = [];
      let afterWrite: Promise<void> | undefined;

      const finish = async (result: Dispatched) => {
        if (state === 'over') return;
        state = 'over';
        clearTimeout(timer);
        await afterWrite;
        resolve(result);
      };
      const broken = (why: CutWhy) =>
        finish(status ? { kind: 'sent', status, headers, body: Buffer.alloc(0), cut: why } : { kind: 'unknown', why });
      const cut = () => {
        if (state !== 'written' || !socket?.writableLength) return;
        void broken('stopped');
        control?.abort(new Error('stopped'));
      };
      const timer = setTimeout(() => {
        const written = state === 'written';
        written ? broken('timeout') : finish({ kind: 'failed', why: 'timeout' });
        if (written) control?.abort(new Error('time is over'));
      }, totalMs);

      agent.dispatch(
        { origin: call.origin, method: call.method, path: call.path, headers: call.headers, body: call.body ?? null },
        {
          // Undici writes head and body right after this returns, in the same tick; a throw writes nothing and keeps the
          // connection. Called twice it would be a replay, which is refused (GATE.md e.2.8).
          onRequestStart(controller) {
            if (state !== 'waiting' || monotonic() >= deadline) throw tooLate;
            try {
              call.fence?.();
              call.onWritten?.(cut);
              tally?.(call.errand);
            } catch (e) {
              reason = e;
              state = 'stopped';
              throw e;
            }
            state = 'written';
            control = controller;
            starting = (its) => {
              socket = its;
            };
          },
          onRequestSent() {
            starting = undefined;
            afterWrite = pause?.('after-write');
          },
          onResponseStart(_controller, code, fields) {
            if (code < 200) return;
            status = code;
            headers = Object.fromEntries(
              Object.entries(fields).map(([name, value]) => [
                name,
                Array.isArray(value) ? value.join(', ') : (value ?? ''),
              ]),
            );
          },
          onResponseData(_controller, chunk) {
            chunks.push(chunk);
          },
          onResponseEnd() {
            void finish({ kind: 'sent', status, headers, body: Buffer.concat(chunks) });
          },
          onResponseError(_controller, error) {
            if (state === 'stopped') void finish({ kind: 'aborted', reason });
            else if (state === 'written') void broken(wordFor(error));
            else void finish({ kind: 'failed', why: failureFor(error) });
          },
        },
      );
    });
  }

  return {
    async dispatch(call) {
      if (!mayDial(call.origin)) return { kind: 'failed', why: 'refused' };
      await pause?.('before-write');
      return exchange(call);
    },
    async warm(origin) {
      if (!mayDial(origin)) return false;
      const fence = () => {
        throw warmed;
      };
      const result = await exchange({ origin, method: 'HEAD', path: '/', headers: {}, fence });
      return result.kind === 'aborted';
    },
    close() {
      unsubscribe(sendHeaders, named);
      return agent.destroy();
    },
  };
}
