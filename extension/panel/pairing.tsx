import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Mark, Wordmark } from './kit/icons.tsx';

/** What the pairing screen is handed. */
export interface PairingDeps {
  /** Origin of the hub. */
  hub: string;
  start: () => Promise<{
    code: string;
    secret: string;
    address: string;
    expiresInSeconds: number;
    pollSeconds: number;
  }>;
  poll: (secret: string) => Promise<'waiting' | 'refused' | 'paired'>;
  onPaired: () => void;
  /** Page on which the hub's address can be changed. */
  optionsHref: string;
  /** True where the organisation set the address, so that it cannot be changed. */
  set: boolean;
  /** True after this browser was unpaired from the other side. */
  ended: boolean;
}

type Step =
  | { at: 'start' }
  | { at: 'code'; code: string; address: string; silent: boolean }
  | { at: 'over'; why: string };

/** The console's page for it; an address on any other host is not followed. */
function consolePage(hub: string, address: string): string {
  const fallback = `${hub}/pair`;
  try {
    const url = new URL(address, hub);
    return url.origin === hub ? url.href : fallback;
  } catch {
    return fallback;
  }
}

/** Asks for a code and looks until the console said yes or no, or the code is too old. */
async function pair(deps: PairingDeps, show: (step: Step) => void, signal: AbortSignal): Promise<void> {
  let begun: Awaited<ReturnType<PairingDeps['start']>>;
  try {
    begun = await deps.start();
  } catch (error) {
    const { status, message } = error as { status: number; message: string };
    return show({ at: 'over', why: status === 0 ? `The hub does not answer at ${deps.hub}.` : message });
  }
  const address = consolePage(deps.hub, begun.address);
  let left = begun.expiresInSeconds;
  let silent = false;
  while (!signal.aborted && left > 0) {
    show({ at: 'code', code: begun.code, address, silent });
    await new Promise((resolve) => setTimeout(resolve, begun.pollSeconds * 1000));
    if (signal.aborted) return;
    left -= begun.pollSeconds;
    try {
      const state = await deps.poll(begun.secret);
      silent = false;
      if (signal.aborted) return;
      if (state === 'paired') return deps.onPaired();
      if (state === 'refused') return show({ at: 'over', why: 'The console said no.' });
    } catch (error) {
      silent = (error as { status: number }).status === 0;
      if (!silent) break;
    }
  }
  if (!signal.aborted) show({ at: 'over', why: 'This code is too old.' });
}

function Pairing({ deps }: { deps: PairingDeps }) {
  const [step, show] = useState<Step>({ at: 'start' });
  const [round, again] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    show({ at: 'start' });
    void pair(deps, (s) => stop.signal.aborted || show(s), stop.signal);
    return () => stop.abort();
  }, [round]);
  return (
    <>
      <header class="top">
        <Wordmark />
      </header>
      <main class="pairing">
        <h1>Pair this browser</h1>
        {deps.ended ? <p role="alert">This browser is no longer paired. Nothing of your chats is kept here.</p> : null}
        {step.at === 'start' ? <Mark name="open">asking the hub for a code</Mark> : null}
        {step.at === 'code' ? (
          <>
            <p>Compare it with the console, then confirm there.</p>
            <p class="big" id="code">
              {step.code}
            </p>
            <p class="again">
              <a class="btn main" href={step.address} target="_blank" rel="noreferrer">
                Open the console
              </a>
            </p>
            <p role="status">
              <Mark name="open">{step.silent ? 'the hub does not answer' : 'waiting for the console'}</Mark>
            </p>
          </>
        ) : null}
        {step.at === 'over' ? (
          <>
            <p role="alert">{step.why}</p>
            <p class="again">
              <button class="btn main" type="button" onClick={() => again(round + 1)}>
                Get a new code
              </button>
            </p>
          </>
        ) : null}
        <p class="dim">
          Hub: <span class="code">{deps.hub}</span>{' '}
          {deps.set ? (
            '– set by your organisation'
          ) : (
            <a href={deps.optionsHref} target="_blank" rel="noreferrer">
              Change
            </a>
          )}
        </p>
      </main>
    </>
  );
}

/** Draws the pairing screen into `root` until `unmount`. */
export function mountPairing(root: HTMLElement, deps: PairingDeps): { unmount: () => void } {
  document.title = 'Pair this browser – askfirst';
  root.classList.add('panel');
  render(<Pairing deps={deps} />, root);
  return { unmount: () => render(null, root) };
}
