import type { JSX } from 'preact';
import type { Mark as MarkName } from '#contract/consent.ts';

/** Line icons on a 16 px grid; always beside a word, so always hidden from readers. */
const lines = {
  chat: <path d="M2.5 3h11v8H7l-3 2.5V11H2.5z" />,
  headset: <path d="M3 9.5V8a5 5 0 0 1 10 0v1.5M3 9h2.5v4.5H3zM10.5 9H13v4.5h-2.5z" />,
  send: <path d="M2 8h12M10.5 4.5 14 8l-3.5 3.5M7 2.5V5M7 11v2.5" />,
  plug: <path d="M5.5 2v3.5M10.5 2v3.5M3.5 5.5h9V8a4.5 4.5 0 0 1-9 0zM8 12.5V14" />,
  ledger: <path d="M3 2.5h10v11H3zM6 2.5v11M8.5 6H11M8.5 9H11" />,
  notice: <path d="M3.5 2h9v12h-9zM5.75 5h4.5M5.75 8h4.5M5.75 11h2.5" />,
  map: <path d="M2 3.5h2.5c4.5 0 3 5 7 5H14M2 12.5h4.5M9 10.5v4" />,
  person: (
    <>
      <circle cx="8" cy="5" r="2.75" />
      <path d="M2.5 14c.4-3 2.6-4.5 5.5-4.5s5.1 1.5 5.5 4.5" />
    </>
  ),
  clock: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 4.5V8l2.5 1.5" />
    </>
  ),
  copy: <path d="M8 2v8M4.8 7 8 10.2 11.2 7M2.5 11v2.5h11V11" />,
  warn: <path d="M8 2.2 14.5 13.5h-13zM8 6.5V9.5M8 11.5v.1" />,
  stop: <path d="M5.5 2h5L14 5.5v5L10.5 14h-5L2 10.5v-5zM5.5 8h5" />,
  reveal: (
    <>
      <path d="M1.5 8C3 5.2 5.3 3.8 8 3.8S13 5.2 14.5 8C13 10.8 10.7 12.2 8 12.2S3 10.8 1.5 8z" />
      <circle cx="8" cy="8" r="1.75" />
    </>
  ),
  search: (
    <>
      <circle cx="7" cy="7" r="4.5" />
      <path d="m10.5 10.5 3.5 3.5" />
    </>
  ),
  rules: <path d="M2 4.5h6M12 4.5h2M2 11.5h2M8 11.5h6M8 2.5h4v4H8zM4 9.5h4v4H4z" />,
  more: <path d="M5.5 3 10.5 8l-5 5" />,
} as const;
/** Name of a line icon. */
export type IconName = keyof typeof lines;

/** A line icon, drawn in the colour of the text beside it. */
export const Icon = ({ name }: { name: IconName }): JSX.Element => (
  <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
    {lines[name]}
  </svg>
);

const marks: Record<MarkName, JSX.Element> = {
  yes: (
    <>
      <circle cx="8" cy="8" r="7" fill="currentColor" />
      <path
        class="cut"
        d="m4.8 8.3 2.2 2.2 4.3-4.8"
        fill="none"
        stroke="var(--mark-cut, #fffdf9)"
        stroke-width="1.9"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </>
  ),
  no: (
    <path
      d="M2 2h12v12H2zM5 8h6"
      fill="none"
      stroke="currentColor"
      stroke-width="1.9"
      stroke-linejoin="round"
      stroke-linecap="round"
    />
  ),
  open: (
    <circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" stroke-width="1.7" stroke-dasharray="2.6 2.269" />
  ),
  held: (
    <path
      d="M8 1.2 14.8 8 8 14.8 1.2 8zM4.8 11.4l6.6-6.6M3.2 9.4l5.6-5.6M7.2 12.8l5.6-5.6"
      fill="none"
      stroke="currentColor"
      stroke-width="1.4"
      stroke-linejoin="round"
    />
  ),
};

/** A consent state: shape, word, then colour (UI.md 2). `children` is the word and is always there. */
export const Mark = ({ name, children, id }: { name: MarkName; children: preact.ComponentChildren; id?: string }) => (
  <span class={`mark ${name}`} id={id}>
    <svg viewBox="0 0 16 16" aria-hidden="true">
      {marks[name]}
    </svg>
    {children}
  </span>
);

/** The arrow of a field that leaves (UI.md 1). */
export const Through = (): JSX.Element => (
  <svg class="cross" viewBox="0 0 36 20" role="img" aria-label="leaves">
    <path d="M3 10h28M26 5l5 5-5 5" />
  </svg>
);

/** The name of the product as it is drawn. Colours come from tokens.css through the classes of wordmark.css rules in kit. */
export const Wordmark = (): JSX.Element => (
  <svg class="wordmark" viewBox="0 0 127 32" role="img" aria-label="askfirst">
    <path fill="var(--act)" d="M5 4h18a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H12l-5 5v-5H5a3 3 0 0 1-3-3V7a3 3 0 0 1 3-3z" />
    <circle cx="9.5" cy="14" r="3.3" fill="var(--mark-dot)" />
    <path fill="var(--on-act)" d="M17 8.5h3.4v11H17z" />
    <g
      stroke="var(--ink)"
      fill="none"
      stroke-width="2.5"
      stroke-linecap="round"
      stroke-linejoin="round"
      transform="translate(33)"
    >
      <path d="M13.5 18a5.75 6 0 1 1-11.5 0 5.75 6 0 1 1 11.5 0M13.5 12v12" />
      <path d="M25.4 14c-.9-1.3-2.3-2-4-2-2.2 0-3.7 1.1-3.7 2.9 0 4.2 8 1.8 8 6.1 0 1.9-1.7 3-4 3-1.9 0-3.5-.7-4.5-2.1" />
      <path d="M30.6 5.5V24M39 12l-8.2 7M34 16.5l5.6 7.5" />
      <path d="M51 6c-.6-.3-1.3-.5-2-.5-2 0-3.2 1.2-3.2 3.5V24M43 12h7.2" />
      <path d="M56.5 12v12M62.3 24V12M62.3 17.2c.3-3.2 2.3-5.2 5.5-5.2" />
      <path d="M78.9 14c-.9-1.3-2.3-2-4-2-2.2 0-3.7 1.1-3.7 2.9 0 4.2 8 1.8 8 6.1 0 1.9-1.7 3-4 3-1.9 0-3.5-.7-4.5-2.1" />
      <path d="M84.8 7.5v12.8c0 2.5 1.1 3.7 3.1 3.7.8 0 1.6-.2 2.3-.6M81.8 12h8.1" />
    </g>
    <circle fill="var(--spot)" cx="89.5" cy="6.7" r="2.1" />
  </svg>
);
