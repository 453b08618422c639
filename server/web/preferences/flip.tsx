import type { JSX } from 'preact';
import type { PurposeChoice } from '#contract/choices.ts';
import type { Purpose } from '#contract/consent.ts';
import { Mark } from '../../../extension/panel/kit/icons.tsx';
import type { Words } from './words/en.ts';

const marks = { yes: 'yes', no: 'no', asked: 'open', later: 'open', open: 'open' } as const;

/** One switch with its form. */
export interface FlipProps {
  action: string;
  integration: string;
  partner: string;
  /** `all` turns every purpose of the integration off. */
  purpose: Purpose | 'all';
  nonce: string;
  /** What is stored. */
  state: PurposeChoice['state'];
  /** Id of its name; its word has `<id>-word`, its sentence `<id>-may`. */
  id: string;
  words: Words;
}

/** What the page's script says while a switch is saved, and where it could not be (preferences.ts). */
export const saying = (words: Words, name: string, on: boolean) => ({
  'data-choose': words.notSaved(name, on),
  'data-saving': words.saving,
});

/** A switch; `on` is what is stored. */
interface SwitchProps {
  /** Id of its name; its word has `<id>-word`, its sentence `<id>-may`. */
  id: string;
  on: boolean;
  mark: 'yes' | 'no' | 'open';
  word: string;
}

/** The button and its word: one tap is enough without script. It shows what is stored; its form's `want` is the other state. */
export const Switch = ({ id, on, mark, word }: SwitchProps): JSX.Element => (
  <>
    <button
      class="flip"
      type="submit"
      role="switch"
      aria-checked={on}
      name="want"
      value={on ? 'no' : 'yes'}
      id={`${id}-flip`}
      aria-labelledby={id}
      aria-describedby={`${id}-word ${id}-may`}
    >
      <span class="switch" />
    </button>
    <Mark name={mark} id={`${id}-word`}>
      <span class="word">{word}</span>
    </Mark>
  </>
);

/** A partner's switch: the same one tap says yes and takes it back (GATE.md c). */
export function Flip({ action, integration, partner, purpose, nonce, state, id, words }: FlipProps): JSX.Element {
  const on = state === 'yes';
  return (
    <form class="set" method="post" action={action} {...saying(words, partner, on)}>
      <input type="hidden" name="nonce" value={nonce} />
      <input type="hidden" name="integration" value={integration} />
      <input type="hidden" name="purpose" value={purpose} />
      <Switch id={id} on={on} mark={marks[state]} word={words.state[state]} />
    </form>
  );
}

/**
 * A no before anybody asked: the switch is off already and could only say yes, but a no is taken from every state
 * (GATE.md c) and ends the asking.
 */
export const SayNo = (p: FlipProps): JSX.Element | null => {
  const { action, integration, partner, purpose, nonce, state, id, words } = p;
  if (state === 'yes' || state === 'no') return null;
  return (
    <form class="refuse" method="post" action={action} {...saying(words, partner, false)}>
      <input type="hidden" name="nonce" value={nonce} />
      <input type="hidden" name="integration" value={integration} />
      <input type="hidden" name="purpose" value={purpose} />
      <button class="btn" type="submit" name="want" value="no" id={`${id}-no`} data-then={`${id}-flip`}>
        {words.sayNo}
        <span class="sr"> {words.sayNoTo(partner)}</span>
      </button>
      <span class="dim">{words.noMoreAsking}</span>
    </form>
  );
};
