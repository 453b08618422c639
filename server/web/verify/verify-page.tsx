import { renderToString } from 'preact-render-to-string';
import { Wordmark } from '../../../extension/panel/kit/icons.tsx';

/** The body of the page that checks receipts; its script and styles are put beside it when it is built. */
export const verifyBody = (): string =>
  renderToString(
    <>
      <a class="skip" href="#main">
        Skip to the check
      </a>
      <div class="page">
        <header class="mast">
          <Wordmark />
        </header>
        <main id="main">
          <h1>Check a receipt</h1>
          <p class="lede">
            A receipt is the signed record of an answer about someone’s data. It is checked on this device: nothing is
            sent, and this page works without a network once it is saved.
          </p>
          <noscript>
            <p class="told warn">
              This page needs JavaScript to check a receipt. The command <span class="code">npm run receipt</span> does
              the same without a browser.
            </p>
          </noscript>
          <button class="drop" type="button" id="choose">
            <b>Choose a receipt file</b>
            <span>or drop it anywhere on this page</span>
          </button>
          <input type="file" id="file" hidden aria-label="Receipt file" />
          <p class="told" id="verdict" role="status" />
          <dl class="facts" id="facts" hidden />
          <div class="key">
            <h2>Is it yours?</h2>
            <p class="dim">
              Your proof keys show that a receipt is about you, and what was sent on that answer. You get them on your
              page at the brand, under “My proof keys”. Whoever has them can read your rows: keep them to yourself.
            </p>
            <button class="btn" type="button" id="choose-openings">
              Load your proof keys
            </button>
            <input type="file" id="openings-file" hidden aria-label="Proof keys file" />
          </div>
          <div class="key">
            <h2>
              <label for="key">The hub’s public key</label>
            </h2>
            <p class="dim" id="key-why">
              Take it from the hub itself, not from whoever gave you the receipt. Where the hub had keys before, one a
              line. It is stored in no place but this page.
            </p>
            <textarea id="key" rows={2} spellcheck={false} autocomplete="off" aria-describedby="key-why" />
            <button class="btn" type="button" id="choose-key">
              Load the key from a file
            </button>
            <input type="file" id="key-file" hidden aria-label="Key file" />
          </div>
        </main>
      </div>
    </>,
  );
