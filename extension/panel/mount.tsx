import { render } from 'preact';
import { useEffect, useReducer } from 'preact/hooks';
import { type AlertDeps, tellOf } from './alerts.ts';
import { brandOf, brandsWords } from './brands.ts';
import { coalesced } from './coalesced.ts';
import { createPanel, type Panel, type PanelDeps } from './panel.ts';
import type { PanelState } from './state.ts';
import { App } from './views/app.tsx';
import type { SessionControls } from './views/queue.tsx';

/** What mountPanel takes beside the panel's own needs. */
export interface MountOptions extends PanelDeps {
  /** Unpairing, where this panel can end its own session. */
  session?: SessionControls;
  signInHref?: string;
  /** Tells the agent of new messages (R74); without it the panel is silent. */
  alerts?: AlertDeps;
}

/** How often (milliseconds) the words after "live" are checked against the clock. */
const tickMs = 5000;
/** A window that nobody sees draws no frames; its title and what a reader finds there are this far behind at most. */
const unseenMs = 100;

/** Between two rounds of telling (milliseconds): what arrives meanwhile is told together, once. The first is told at once. */
const tellMs = 500;

/** `act` with the next frame, once however often it was asked for: a busy hub sends more than a screen can show. */
function atNextFrame(act: () => void): { ask: () => void; stop: () => void } {
  let frame = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = (): void => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    timer = undefined;
  };
  const now = (): void => {
    stop();
    act();
  };
  return {
    ask: () => {
      if (timer !== undefined) return;
      frame = requestAnimationFrame(now);
      timer = setTimeout(now, unseenMs);
    },
    stop,
  };
}

function Live({ panel, options }: { panel: Panel; options: MountOptions }) {
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  useEffect(() => {
    const { ask, stop } = atNextFrame(() => redraw(undefined));
    const leave = panel.subscribe(ask);
    const tick = setInterval(() => redraw(undefined), tickMs);
    redraw(undefined);
    return () => {
      clearInterval(tick);
      leave();
      stop();
    };
  }, [panel]);
  const state = panel.state();
  const person = state.rows.find((r) => r.conversation === state.selected)?.title;
  const brand = state.selected === undefined ? undefined : brandOf(state, state.selected);
  const title = [person, brand?.name ?? brandsWords(state.brands), 'askfirst panel'].filter(Boolean).join(' – ');
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <App state={state} panel={panel} now={options.now()} session={options.session} signInHref={options.signInHref} />
  );
}

/** Draws the panel into `root` and keeps it live until `unmount`; extension and hub serve the same one. */
export function mountPanel(root: HTMLElement, options: MountOptions): { panel: Panel; unmount: () => void } {
  const panel = createPanel(options);
  root.classList.add('panel');
  render(<Live panel={panel} options={options} />, root);
  let told: Pick<PanelState, 'rows' | 'me' | 'brands'> | undefined;
  let over = false;
  const tell = coalesced(async () => {
    const { alerts } = options;
    const { phase, rows, me, brands, selected } = panel.state();
    if (over || !alerts || phase === 'loading' || phase === 'failed') return;
    if (rows === told?.rows && me === told.me && brands === told.brands) return;
    told = { rows, me, brands };
    const eyes = document.visibilityState === 'visible' && document.hasFocus();
    await tellOf(alerts, told, eyes ? selected : undefined).catch(() => {}); // storage may be gone while unpairing
    await new Promise((resolve) => setTimeout(resolve, tellMs));
  });
  const quiet = panel.subscribe(() => void tell());
  const look = (): void => panel.seeing(document.visibilityState === 'visible' && document.hasFocus());
  const wake = (): void => panel.wake();
  const seen = (): void => {
    look();
    if (document.visibilityState === 'visible') panel.wake();
  };
  window.addEventListener('online', wake);
  document.addEventListener('visibilitychange', seen);
  for (const event of ['focus', 'blur']) window.addEventListener(event, look);
  look();
  void panel.start();
  return {
    panel,
    unmount: () => {
      over = true;
      quiet();
      panel.stop();
      window.removeEventListener('online', wake);
      document.removeEventListener('visibilitychange', seen);
      for (const event of ['focus', 'blur']) window.removeEventListener(event, look);
      render(null, root);
      root.classList.remove('panel');
    },
  };
}
