import type { JSX } from 'preact';
import type { PreferencesProps } from './types.ts';

const names = { gpc: 'Global Privacy Control', dnt: 'Do Not Track' } as const;

/** Says that the browser's wish is honored (GATE.md h). */
export function Honored(props: {
  signal: keyof typeof names;
  late: boolean;
  words: Pick<PreferencesProps['words'], 'honored'>;
}): JSX.Element {
  const words = props.words.honored;
  return (
    <p class="told">
      <span>
        {words.asks(names[props.signal])}{' '}
        <strong>
          {words.honored} {props.late ? words.late : words.first}
        </strong>{' '}
        {words.counts}
      </span>
    </p>
  );
}
