import { swapMain } from '../swap.ts';

/** Each event of the stream means that something happened: fetch this very page again and take its `main`. */
const stream = document.querySelector<HTMLElement>('main[data-stream]')?.dataset.stream;
let running = false;
let again = false;

async function refresh(): Promise<void> {
  if (running) {
    again = true; // one more after this one, however many events came meanwhile
    return;
  }
  running = true;
  try {
    const res = await fetch(location.pathname, { headers: { accept: 'text/html' } });
    if (res.ok) swapMain(await res.text());
  } catch {
    // The stream opens again by itself, and its first open refreshes.
  } finally {
    running = false;
    if (again) {
      again = false;
      void refresh();
    }
  }
}

if (stream) {
  const events = new EventSource(stream);
  events.onmessage = () => void refresh();
  // Also after a lost connection: what happened meanwhile has no event.
  events.onopen = () => void refresh();
}
