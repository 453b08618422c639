import type { JSX } from 'preact';
import { paths } from './paths.ts';
import { type Frame, Shell } from './shell.tsx';

/** What the page Answer chats is handed. */
export interface AnsweringProps {
  frame: Frame;
  /** Origin of this hub, as it is typed into the extension. */
  hub: string;
}

/** Where whoever answers chats and manages nothing arrives (R54): the panel as a page, and how to get it beside one's pages. */
export const AnsweringPage = ({ frame, hub }: AnsweringProps): JSX.Element => (
  <Shell
    frame={frame}
    here="answering"
    title="Answer chats"
    lede={`You answer for ${frame.brand} in the panel. It is a page, or it stands beside your other pages.`}
  >
    <p class="acts">
      <a class="btn main" href={paths.panel}>
        Open the panel
      </a>
    </p>
    <section aria-labelledby="beside">
      <h2 id="beside">Beside your other pages</h2>
      <ol class="how">
        <li>
          Get the askfirst extension for Chrome, Edge or Firefox from whoever runs this hub, unless your browser has it
          already.
        </li>
        <li>
          Press its button in the toolbar. Where it asks for the hub’s address, type <span class="code">{hub}</span>
        </li>
        <li>
          It shows a code of eight letters. <a href={paths.pair}>Confirm the code here</a>
        </li>
      </ol>
    </section>
  </Shell>
);
