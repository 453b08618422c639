import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import variant from '@jitl/quickjs-wasmfile-release-sync';
import {
  DefaultIntrinsics,
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSDeferredPromise,
} from 'quickjs-emscripten-core';
import { harness, lockdown } from './sandbox-harness.ts';
import { type FromWorker, limits, type Outcome, type ToWorker } from './sandbox-protocol.ts';

/*
 * One thread that runs deliveries, one at a time. Each gets its own WebAssembly instance with its own memory and is
 * dropped whole afterwards: nothing of one person, not even freed bytes, is there for the next (DESIGN.md 3).
 */
const port = parentPort;
if (!port) throw new Error('this file is a worker');
const tell = (message: FromWorker) => port.postMessage(message);
const { memoryPages } = workerData as { memoryPages: number };
// QuickJS's own limit does not count large strings, so the memory it is given is the limit (SERVER.md)
const initialPages = Math.min(256, memoryPages);
const wasm = fileURLToPath(import.meta.resolve('@jitl/quickjs-wasmfile-release-sync/wasm'));
const wasmModule = await WebAssembly.compile(readFileSync(wasm));

interface Delivery {
  id: number;
  context: QuickJSContext;
  memory: WebAssembly.Memory;
  calls: Map<number, QuickJSDeferredPromise>;
  answered: number;
  /** Set in the moment the handler is done; no job runs after it. */
  outcome?: string;
}
let current: Delivery | undefined;

const outcomeText = (outcome: Outcome) => JSON.stringify(outcome);

/** Ends a delivery and forgets it. When memory ran out, QuickJS may have had none left to say so: its size says it. */
function end(delivery: Delivery, outcome: string): void {
  current = undefined;
  const full = delivery.memory.buffer.byteLength >= memoryPages * 65_536 * 0.9;
  const memory = full && outcome.startsWith('{"fail":"threw"');
  tell({ type: 'end', id: delivery.id, outcome: memory ? outcomeText({ fail: 'memory' }) : outcome });
}

/** Ends a delivery on an error of the engine, of which only this is asked: was it the memory? */
function fail(delivery: Delivery, error: unknown): void {
  const words = error instanceof Error ? error.message : (JSON.stringify(error) ?? '');
  end(delivery, outcomeText({ fail: words.includes('out of memory') ? 'memory' : 'threw' }));
}

/** Runs what can be run, then says how things stand. */
function drain(delivery: Delivery): void {
  const { context, calls } = delivery;
  try {
    while (delivery.outcome === undefined && context.runtime.hasPendingJob()) {
      const ran = context.runtime.executePendingJobs(1);
      if (ran.error) throw context.dump(ran.error);
    }
  } catch (error) {
    fail(delivery, error);
    return;
  }
  if (delivery.outcome !== undefined) end(delivery, delivery.outcome);
  else if (calls.size > 0) tell({ type: 'waiting', id: delivery.id, answered: delivery.answered });
  // nothing to run and nobody to wait for: the handler can never finish
  else end(delivery, outcomeText({ fail: 'bad-result' }));
}

async function run(message: Extract<ToWorker, { type: 'run' }>): Promise<void> {
  const memory = new WebAssembly.Memory({ initial: initialPages, maximum: memoryPages });
  const quickjs = await newQuickJSWASMModuleFromVariant(newVariant(variant, { wasmModule, wasmMemory: memory }));
  const runtime = quickjs.newRuntime({ maxStackSizeBytes: limits.stackBytes });
  const context = runtime.newContext({ intrinsics: { ...DefaultIntrinsics, Date: false, TypedArrays: false } });
  const delivery: Delivery = { id: message.id, context, memory, calls: new Map(), answered: 0 };
  current = delivery;
  const text = (handle: Parameters<QuickJSContext['typeof']>[0] | undefined, max: number) => {
    if (!handle || context.typeof(handle) !== 'string') return;
    const length = context.getProp(handle, 'length');
    return context.getNumber(length) > max ? undefined : context.getString(handle);
  };
  let asked = 0;
  const send = context.newFunction('send', (handle) => {
    const request = text(handle, limits.request);
    asked += 1;
    if (request === undefined || asked > limits.calls) {
      delivery.outcome ??= outcomeText({ fail: 'refused' });
      throw new Error('refused');
    }
    const deferred = context.newPromise();
    delivery.calls.set(asked, deferred);
    tell({ type: 'call', id: message.id, call: asked, request });
    return deferred.handle;
  });
  const done = context.newFunction('done', (handle) => {
    delivery.outcome ??= text(handle, limits.outcome) ?? outcomeText({ fail: 'bad-result' });
  });
  const evaluate = (code: string, name: string) => {
    const result = context.evalCode(code, name, { type: 'global', strict: true });
    if (result.error) throw context.dump(result.error);
    return result.value;
  };
  try {
    evaluate(lockdown, 'lockdown.js');
    const make = evaluate(`(${harness})`, 'harness.js');
    const deliver = context.unwrapResult(context.callFunction(make, context.undefined, send, done));
    evaluate(message.code, 'adapter.js');
    const adapter = context.getProp(context.global, 'adapter');
    const strings = [message.purpose, message.visitor, message.partner].map((value) => context.newString(value));
    context.unwrapResult(context.callFunction(deliver, context.undefined, adapter, ...strings));
  } catch (error) {
    fail(delivery, error);
    return;
  }
  drain(delivery);
}

function answer(message: Extract<ToWorker, { type: 'answer' }>): void {
  const delivery = current;
  const deferred = delivery?.calls.get(message.call);
  if (!delivery || delivery.id !== message.id || !deferred) return;
  delivery.calls.delete(message.call);
  delivery.answered += 1;
  try {
    deferred.resolve(delivery.context.newString(message.answer));
  } catch (error) {
    fail(delivery, error);
    return;
  }
  drain(delivery);
}

port.on('message', (message: ToWorker) => {
  if (message.type === 'run') void run(message);
  else if (message.type === 'answer') answer(message);
  else if (current?.id === message.id) current = undefined;
});
tell({ type: 'ready' });
