import { brandsWords } from '../brands.ts';
import { Wordmark } from '../kit/icons.tsx';
import { isLive, type PanelState } from '../state.ts';
import { linkWords } from '../words.ts';
import { Shortcuts } from './shortcuts.tsx';

/** Wordmark, brand or how many of them, and whether what is shown is live. */
export const Top = ({ state, now }: { state: PanelState; now: number }) => (
  <header class="top">
    <Wordmark />
    {state.brands.length > 0 ? <span class="brand">{brandsWords(state.brands)}</span> : null}
    <span class={isLive(state.link, now) ? 'live' : 'live down'}>{linkWords(state.link, now)}</span>
    <Shortcuts />
  </header>
);
