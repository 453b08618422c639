import { alertsHere, holdPanel, popOut } from '../../lib/alert.ts';
import { browser } from '../../lib/browser.ts';
import { panelStorage, session } from '../../lib/here.ts';
import { openTab } from '../../lib/open-tab.ts';
import { mountPanel } from '../../panel/mount.tsx';
import { mountPairing } from '../../panel/pairing.tsx';
import { createRing } from '../../panel/ring.ts';

const root = document.getElementById('app') as HTMLElement;
const optionsHref = browser.runtime.getURL('options.html');
const browserName = `${import.meta.env.BROWSER === 'firefox' ? 'Firefox sidebar' : 'Chrome side panel'} on ${navigator.platform || 'an unknown system'}`;
let shown: { unmount: () => void } | undefined;
let paired: boolean | undefined;
let hub = '';
const ring = createRing();

/** Shows the panel or the pairing screen, whichever is true now. */
async function show(ended = false): Promise<void> {
  const policy = await session.follow(); // before the first call: nobody asks a hub the organisation did not set
  const [who, where] = await Promise.all([session.who(), session.hub()]);
  if (paired === (who !== undefined) && hub === where) return;
  paired = who !== undefined;
  hub = where;
  shown?.unmount();
  shown = who
    ? mountPanel(root, {
        client: await session.client(),
        storage: panelStorage,
        now: () => Date.now(),
        newId: () => crypto.randomUUID(),
        random: () => Math.random(),
        alerts: { ...alertsHere, ring },
        session: {
          where: `on ${new URL(hub).host}`,
          unpair: () => session.end().then(() => show()),
          optionsHref,
          popOut,
          openTab,
        },
        onGone: () => void session.wipe().then(() => show(true)),
      })
    : mountPairing(root, {
        hub,
        start: () => session.start(browserName),
        poll: session.poll,
        onPaired: () => void show(),
        optionsHref,
        set: policy !== undefined && 'origin' in policy,
        ended,
      });
}

// Another window, the options page or the worker paired, unpaired or moved to another hub.
browser.storage.onChanged.addListener((changes, area) => {
  const { pairing, hub: moved } = changes;
  if (area === 'local' && (moved || (pairing && !pairing.newValue) || (pairing && !pairing.oldValue)))
    void show(paired);
});
holdPanel();
// A stream alone renews nothing: the token is traded ahead of its end while the panel is open.
setInterval(() => void session.keep(), 60_000);
void show();
