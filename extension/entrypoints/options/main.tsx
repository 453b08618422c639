import { render } from 'preact';
import { useState } from 'preact/hooks';
import { browser } from '../../lib/browser.ts';
import { session } from '../../lib/here.ts';
import type { HubPolicy } from '../../lib/hub-address.ts';
import { Wordmark } from '../../panel/kit/icons.tsx';
import { Sites } from './sites.tsx';

type Who = Awaited<ReturnType<typeof session.who>>;

/** Desktop notices of new messages: the browser's own question, asked by a click and taken back by one (R74, R77). */
function Notices({ allowed }: { allowed: boolean }) {
  const [on, setOn] = useState(allowed);
  const ask = { permissions: ['notifications' as const] };
  return (
    <section aria-labelledby="notices">
      <h2 id="notices">When somebody writes</h2>
      <p>
        The button in the toolbar shows how many messages wait, and the open panel makes a short sound.{' '}
        {on ? 'A notice of the desktop names who wrote, also with the panel closed.' : ''}
      </p>
      <p class="again">
        <button
          class="btn"
          type="button"
          onClick={async () =>
            setOn(on ? !(await browser.permissions.remove(ask)) : await browser.permissions.request(ask))
          }
        >
          {on ? 'Turn desktop notices off' : 'Turn desktop notices on'}
        </button>
      </p>
    </section>
  );
}

/** The hub's address where an organisation set it: shown, and nowhere to type (R77). */
function SetHub({ hub, policy }: { hub: string; policy: HubPolicy }) {
  return (
    <>
      <p id="set">
        Address of the hub
        <br />
        <span class="code">{hub}</span>
      </p>
      {'origin' in policy ? (
        <p class="dim">Set by your organisation. It cannot be changed here.</p>
      ) : (
        <p role="alert">
          Your organisation set another address, which cannot be used: <span class="code">{policy.wrong}</span>.{' '}
          {policy.why} Ask whoever manages this browser.
        </p>
      )}
    </>
  );
}

interface OptionsProps {
  hub: string;
  who: Who;
  notices: boolean;
  policy: HubPolicy | undefined;
}

/** The one setting: where the hub is. Another hub ends the pairing with the old one. */
function Options({ hub: first, who: paired, notices, policy }: OptionsProps) {
  const [hub, setHub] = useState(first);
  const [who, setWho] = useState(paired);
  const [said, say] = useState<{ ok: boolean; text: string }>();
  async function save(): Promise<void> {
    try {
      const origin = await session.setHub(hub);
      setHub(origin);
      setWho(await session.who());
      say({ ok: true, text: `Saved. Open the panel to work with ${origin}.` });
    } catch (error) {
      say({ ok: false, text: `Not saved. ${(error as Error).message}` });
    }
  }
  return (
    <>
      <header class="top">
        <Wordmark />
      </header>
      <main class="pairing">
        <h1>Options</h1>
        {policy ? (
          <SetHub hub={hub} policy={policy} />
        ) : (
          <form
            class="again"
            onSubmit={(e) => {
              e.preventDefault();
              void save();
            }}
          >
            <label for="hub">
              Address of the hub
              <input
                id="hub"
                type="url"
                required
                value={hub}
                aria-describedby="said"
                aria-invalid={said?.ok === false}
                onInput={(e) => setHub(e.currentTarget.value)}
              />
            </label>
            <button class="btn main" type="submit">
              Save
            </button>
          </form>
        )}
        <p id="said" role="status">
          {said?.text ?? ''}
        </p>
        {who ? (
          <p class="again">
            <span>
              Paired as {who.agent}, in the console of {who.brand}.
            </span>
            <button
              class="btn"
              type="button"
              onClick={async () => {
                await session.end();
                setWho(undefined);
                say({ ok: true, text: 'Unpaired. Everything kept here was wiped.' });
              }}
            >
              Unpair this browser
            </button>
          </p>
        ) : (
          <p class="dim">Not paired.</p>
        )}
        <Notices allowed={notices} />
        <Sites />
      </main>
    </>
  );
}

const root = document.getElementById('app') as HTMLElement;
root.classList.add('panel');

/** Draws what is true now; drawn anew, with nothing half typed, when the organisation changes its policy. */
async function draw(): Promise<void> {
  const policy = await session.follow();
  const [hub, who, notices] = await Promise.all([
    session.hub(),
    session.who(),
    browser.permissions.contains({ permissions: ['notifications'] }),
  ]);
  const key = JSON.stringify([policy, hub]);
  render(<Options key={key} hub={hub} who={who} notices={notices} policy={policy} />, root);
}

browser.storage.onChanged.addListener((_, area) => {
  if (area === 'managed') void draw();
});
void draw();
