import type { JSX } from 'preact';
import type { PurposeChoice } from '#contract/choices.ts';
import type { Purpose } from '#contract/consent.ts';
import { Mark } from '../../../extension/panel/kit/icons.tsx';

const words = {
  yes: ['yes', 'Yes'],
  no: ['no', 'No'],
  asked: ['open', 'Asked'],
  open: ['open', 'Not asked'],
} as const;

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
}

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
export function Flip({ action, integration, partner, purpose, nonce, state, id }: FlipProps): JSX.Element {
  const [mark, word] = words[state];
  const on = state === 'yes';
  return (
    <form class="set" method="post" action={action} data-choose={partner}>
      <input type="hidden" name="nonce" value={nonce} />
      <input type="hidden" name="integration" value={integration} />
      <input type="hidden" name="purpose" value={purpose} />
      <Switch id={id} on={on} mark={mark} word={word} />
    </form>
  );
}

/**
 * A no before anybody asked: the switch is off already and could only say yes, but a no is taken from every state
 * (GATE.md c) and ends the asking.
 */
export const SayNo = ({ action, integration, partner, purpose, nonce, state, id }: FlipProps): JSX.Element | null =>
  state === 'yes' || state === 'no' ? null : (
    <form class="refuse" method="post" action={action} data-choose={partner}>
      <input type="hidden" name="nonce" value={nonce} />
      <input type="hidden" name="integration" value={integration} />
      <input type="hidden" name="purpose" value={purpose} />
      <button class="btn" type="submit" name="want" value="no" id={`${id}-no`} data-then={`${id}-flip`}>
        Say no<span class="sr"> to {partner}</span>
      </button>
      <span class="dim">Then nobody asks you about it.</span>
    </form>
  );
