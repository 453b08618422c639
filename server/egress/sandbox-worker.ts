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
  type QuickJSHandle,
} from 'quickjs-emscripten-core';
import { harness, lockdown } from './sandbox-harness.ts';
import { type FromWorker, limits, type Outcome, type ToWorker } from './sandbox-protocol.ts';

/*
 * One thread that runs deliveries, one at a time. Each finds the memory of a fresh WebAssembly instance in which the
 * adapter's bundle was read and nobody was yet: nothing of one person, not even freed bytes, is there for the next
 * (DESIGN.md 3). Reading a bundle takes ten times as long as running it, so the memory is copied once it was read, and
 * put back byte for byte when a delivery came to its end. All that QuickJS knows is in that memory; an instance that
 * threw, grew, was dropped or holds another adapter is not used again.
 */
const port = parentPort;
if (!port) throw new Error('this file is a worker');
const tell = (message: FromWorker) => port.postMessage(message);
const { memoryPages } = workerData as { memoryPages: number };
// QuickJS's own limit does not count large strings, so the memory it is given is the limit (SERVER.md)
const initialPages = Math.min(256, memoryPages);
const pageBytes = 65_536;
const emptyPage = Buffer.alloc(pageBytes);
const wasm = fileURLToPath(import.meta.resolve('@jitl/quickjs-wasmfile-release-sync/wasm'));
const wasmModule = await WebAssembly.compile(readFileSync(wasm));

/** An instance with the harness in it, and no person. */
interface Engine {
  context: QuickJSContext;
  memory: WebAssembly.Memory;
  /** The harness inside: called with adapter, purpose, visitor and partner. */
  deliver: QuickJSHandle;
  /** The bundle that was read into it, and the memory as it was then, without the zeros at its end. */
  read?: { code: string; adapter: QuickJSHandle; image: Uint8Array };
}

interface Delivery extends Engine {
  id: number;
  calls: Map<number, QuickJSDeferredPromise>;
  asked: number;
  answered: number;
  /** Set in the moment the handler is done; no job runs after it. */
  outcome?: string;
}
let current: Delivery | undefined;

const outcomeText = (outcome: Outcome) => JSON.stringify(outcome);

/** What of a memory is not zero at its end, copied. */
function imageOf({ buffer }: WebAssembly.Memory): Uint8Array {
  let top = buffer.byteLength;
  while (top > 0 && emptyPage.equals(new Uint8Array(buffer, top - pageBytes, pageBytes))) top -= pageBytes;
  return new Uint8Array(buffer, 0, top).slice();
}

/** The engine of a delivery as it was before the person came; a new one where it cannot be had. */
async function cleared({ context, memory, deliver, read }: Engine): Promise<Engine> {
  if (!read || memory.buffer.byteLength !== initialPages * pageBytes) return prepare();
  const bytes = new Uint8Array(memory.buffer);
  bytes.set(read.image);
  bytes.fill(0, read.image.length);
  return { context, memory, deliver, read };
}

/** Ends a delivery and forgets it. When memory ran out, QuickJS may have had none left to say so: its size says it. */
function end(delivery: Delivery, outcome: string, again: boolean): void {
  current = undefined;
  const full = delivery.memory.buffer.byteLength >= memoryPages * pageBytes * 0.9;
  const memory = full && outcome.startsWith('{"fail":"threw"');
  tell({ type: 'end', id: delivery.id, outcome: memory ? outcomeText({ fail: 'memory' }) : outcome });
  next = again ? cleared(delivery) : prepare();
}

/** Ends a delivery on an error of the engine, of which only this is asked: was it the memory? */
function fail(delivery: Delivery, error: unknown): void {
  const words = error instanceof Error ? error.message : (JSON.stringify(error) ?? '');
  end(delivery, outcomeText({ fail: words.includes('out of memory') ? 'memory' : 'threw' }), false);
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
  if (delivery.outcome !== undefined) end(delivery, delivery.outcome, true);
  else if (calls.size > 0) tell({ type: 'waiting', id: delivery.id, answered: delivery.answered });
  // nothing to run and nobody to wait for: the handler can never finish
  else end(delivery, outcomeText({ fail: 'bad-result' }), false);
}

/** Text an adapter hands out, if it is text of that length at most; asked before anything is copied. */
function textOf(context: QuickJSContext, handle: QuickJSHandle | undefined, max: number): string | undefined {
  if (!handle || context.typeof(handle) !== 'string') return;
  const length = context.getNumber(context.getProp(handle, 'length'));
  return length > max ? undefined : context.getString(handle);
}

function evaluate(context: QuickJSContext, code: string, name: string): QuickJSHandle {
  const result = context.evalCode(code, name, { type: 'global', strict: true });
  if (result.error) throw context.dump(result.error);
  return result.value;
}

/** A fresh engine with the harness in it and no adapter and no person yet. */
async function prepare(): Promise<Engine> {
  const memory = new WebAssembly.Memory({ initial: initialPages, maximum: memoryPages });
  const quickjs = await newQuickJSWASMModuleFromVariant(newVariant(variant, { wasmModule, wasmMemory: memory }));
  const runtime = quickjs.newRuntime({ maxStackSizeBytes: limits.stackBytes });
  const context = runtime.newContext({ intrinsics: { ...DefaultIntrinsics, Date: false, TypedArrays: false } });
  const send = context.newFunction('send', (handle) => {
    const delivery = current;
    const request = textOf(context, handle, limits.request);
    if (!delivery) throw new Error('refused');
    delivery.asked += 1;
    if (request === undefined || delivery.asked > limits.calls) {
      delivery.outcome ??= outcomeText({ fail: 'refused' });
      throw new Error('refused');
    }
    const deferred = context.newPromise();
    delivery.calls.set(delivery.asked, deferred);
    tell({ type: 'call', id: delivery.id, call: delivery.asked, request });
    return deferred.handle;
  });
  const done = context.newFunction('done', (handle) => {
    if (current) current.outcome ??= textOf(context, handle, limits.outcome) ?? outcomeText({ fail: 'bad-result' });
  });
  evaluate(context, lockdown, 'lockdown.js');
  const make = evaluate(context, `(${harness})`, 'harness.js');
  const deliver = context.unwrapResult(context.callFunction(make, context.undefined, send, done));
  return { context, memory, deliver };
}

// made while the thread is idle, so that a delivery does not wait for it
let next = prepare();

/** Reads a bundle into an engine that has none. */
function read(engine: Engine, code: string): NonNullable<Engine['read']> {
  const { context, memory } = engine;
  evaluate(context, code, 'adapter.js');
  const adapter = context.getProp(context.global, 'adapter');
  return { code, adapter, image: imageOf(memory) };
}

async function run({ id, code, purpose, visitor, partner }: Extract<ToWorker, { type: 'run' }>): Promise<void> {
  const ready = await next;
  const engine = !ready.read || ready.read.code === code ? ready : await prepare();
  const delivery: Delivery = { ...engine, id, calls: new Map(), asked: 0, answered: 0 };
  const { context } = delivery;
  current = delivery;
  try {
    delivery.read ??= read(engine, code);
    const strings = [purpose, visitor, partner].map((value) => context.newString(value));
    context.unwrapResult(context.callFunction(delivery.deliver, context.undefined, delivery.read.adapter, ...strings));
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
  else if (current?.id === message.id) {
    current = undefined;
    next = prepare();
  }
});
await next;
tell({ type: 'ready' });
