import type { JSX } from 'preact';

/** The field for a code and what was wrong with the last one. */
export interface CodeFieldProps {
  /** Of the field; once a page. */
  id: string;
  label: string;
  /** `app`: six digits. `paper`: a backup code. `either`: one of both. */
  kind: 'app' | 'paper' | 'either';
  /** One plain sentence when the last code did not fit. */
  trouble?: string | undefined;
}

/** One field for a code; nothing typed before is shown again, since each code works once. */
export const CodeField = ({ id, label, kind, trouble }: CodeFieldProps): JSX.Element => (
  <>
    <label for={id}>{label}</label>
    <input
      id={id}
      name="code"
      class="code"
      required
      autocomplete={kind === 'paper' ? 'off' : 'one-time-code'}
      inputMode={kind === 'app' ? 'numeric' : 'text'}
      autocapitalize="off"
      spellcheck={false}
      maxLength={16}
      aria-invalid={trouble ? true : undefined}
      aria-describedby={trouble ? `${id}-trouble` : undefined}
    />
    {trouble && (
      <p class="trouble" id={`${id}-trouble`} role="alert">
        {trouble}
      </p>
    )}
  </>
);
