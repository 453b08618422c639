import { useEffect, useRef, useState } from 'preact/hooks';
import type { Fact } from '#contract/chat.ts';
import type { ContactField } from '#contract/visitor.ts';
import { start } from '../../../server/i18n/en.ts';
import { Icon } from '../kit/icons.tsx';

/** Asks the hub for a contact in clear; rejects with a sentence for people. */
export type OnReveal = (field: ContactField, reason: string) => Promise<string>;

type Hidden = Fact & { field: ContactField };
const nameOf = (fact: Fact): string => `${fact.field} ${fact.at}`;
const isHidden = (fact: Fact): fact is Hidden => fact.hidden === true;

/** What stands in place of a contact; read out as a word. */
export const Dots = ({ of }: { of: string | undefined }) => (
  <>
    <span class="masked" aria-hidden="true">
      {of}
    </span>
    <span class="sr">hidden</span>
  </>
);

interface FormProps {
  fact: Hidden;
  who: string;
  onReveal: OnReveal;
  onShown: (value: string) => void;
  onCancel: () => void;
}

/** The form is gone: what takes its place gets the focus and is read out (UI.md 6). */
const focus = (what: HTMLElement | null): void => what?.focus({ preventScroll: true });

/** The value may be far above its button. */
const focusInView = (what: HTMLElement | null): void => what?.focus();

/** Why it is needed; what was typed stays where the hub refuses. */
function Form({ fact, who, onReveal, onShown, onCancel }: FormProps) {
  const [reason, setReason] = useState('');
  const [state, setState] = useState<{ busy: boolean; refused?: string }>({ busy: false });
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus({ preventScroll: true }), []);
  const ask = async (): Promise<void> => {
    setState({ busy: true });
    try {
      onShown(await onReveal(fact.field, reason.trim()));
    } catch (error) {
      setState({ busy: false, refused: (error as Error).message });
    }
  };
  return (
    <form
      class="age reveal"
      onSubmit={(e) => {
        e.preventDefault();
        if (!state.busy) void ask();
      }}
      onKeyDown={(e) => {
        if (e.key !== 'Escape') return;
        e.stopPropagation();
        onCancel();
      }}
    >
      <label for="reveal-reason">
        Why you need {who}’s {fact.label}
      </label>
      <input
        id="reveal-reason"
        ref={input}
        required
        minLength={3}
        maxLength={500}
        autocomplete="off"
        aria-describedby="reveal-kept"
        value={reason}
        onInput={(e) => setReason(e.currentTarget.value)}
      />
      <p class="note" id="reveal-kept">
        Your name, the time and the reason are kept.
      </p>
      <p class="again">
        <button class="btn" type="submit" aria-disabled={state.busy}>
          <Icon name="reveal" />
          {state.busy ? 'Revealing' : `Reveal ${fact.label}`}
        </button>
        <button class="btn bare" type="button" onClick={onCancel}>
          Cancel
        </button>
      </p>
      <p class="note" role="alert">
        {state.refused ? `Not revealed. ${state.refused}` : ''}
      </p>
    </form>
  );
}

/** What an agent has revealed of one person, until another chat is opened: the hub itself keeps hiding it (R51). */
export function useRevealed(facts: readonly Fact[], who: string, onReveal: OnReveal) {
  const [shown, show] = useState<Partial<Record<string, string>>>({}); // by field and time: a newer value is hidden again
  const [asked, ask] = useState<ContactField>();
  const [back, setBack] = useState<ContactField>();
  const hidden = facts.filter(isHidden).filter((fact) => shown[nameOf(fact)] === undefined);
  const close = (field: ContactField): void => {
    setBack(field);
    ask(undefined);
  };
  return {
    /** A fact as it is to be read now: in clear once it was revealed. */
    read: (fact: Fact) => {
      const value = shown[nameOf(fact)];
      if (value === undefined) return <dd>{fact.hidden ? <Dots of={fact.value} /> : fact.value}</dd>;
      return (
        <dd tabIndex={-1} ref={back === fact.field ? focusInView : null}>
          {value}
        </dd>
      );
    },
    /** A button for each that is hidden, and the form of the one that was pressed. */
    forms: hidden.map((fact) =>
      asked === fact.field ? (
        <Form
          key={fact.field}
          fact={fact}
          who={who}
          onReveal={onReveal}
          onCancel={() => close(fact.field)}
          onShown={(value) => {
            close(fact.field);
            show((all) => ({ ...all, [nameOf(fact)]: value }));
          }}
        />
      ) : (
        <p key={fact.field} class="again">
          <button
            class="btn"
            type="button"
            data-act="reveal"
            data-field={fact.field}
            ref={back === fact.field ? focus : null}
            onClick={() => ask(fact.field)}
          >
            <Icon name="reveal" />
            {start(`reveal ${fact.label}, with a reason`)}
          </button>
        </p>
      ),
    ),
  };
}
