import { type RunningHub, runHub } from './hub.ts';
import { openRecorder, type Recorder } from './recorder.ts';

/**
 * Code to run before the built hub: every socket it opens to this machine goes to `port` instead, so that a recorder of
 * the test stands between egress and the sandbox partners and can hold an answer while the hub is killed.
 */
const detour = (port: string) => `
  import net from 'node:net';
  const connect = net.Socket.prototype.connect;
  net.Socket.prototype.connect = function (...args) {
    const to = Array.isArray(args[0]) ? args[0][0] : args[0];
    if (to?.host === '127.0.0.1') to.port = '${port}';
    return connect.apply(this, args);
  };`;

/** A built hub in a process of its own, over and over on the same data, with a recorder before its partners. */
export interface HubBehind {
  readonly hub: RunningHub;
  recorder: Recorder;
  /** Starts it again on the same data and port; `preload` as in runHub. */
  again(preload?: string): Promise<RunningHub>;
  close(): Promise<void>;
}

/** Starts one. */
export async function runHubBehind(): Promise<HubBehind> {
  const recorder = await openRecorder();
  const way = detour(new URL(recorder.origin).port);
  let hub = await runHub({ preload: way });
  const port = Number(new URL(hub.origin).port);
  recorder.behind(hub.shop);
  return {
    get hub() {
      return hub;
    },
    recorder,
    async again(preload = '') {
      hub = await runHub({ data: hub.data, port, preload: way + preload });
      return hub;
    },
    async close() {
      await hub.close();
      await recorder.close();
    },
  };
}
