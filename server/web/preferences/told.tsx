import type { JSX } from 'preact';
import type { RequestView, ToldView } from '#contract/rights.ts';
import { Mark } from '../../../extension/panel/kit/icons.tsx';
import { Sandbox } from '../form.tsx';
import type { Words } from './words/en.ts';

const marks = { done: 'yes', waiting: 'open', impossible: 'held', refused: 'held' } as const;

interface ToldProps {
  request: RequestView;
  words: Words;
  brand: string;
  now: Date;
}

/** What became of a request at each recipient, one line each, with the reason where one could not be told (R40, R42). */
export function Told({ request, words, brand, now }: ToldProps): JSX.Element {
  if (request.told.length === 0) return <p class="dim">{words.rights.nobody}</p>;
  return (
    <ul class="told-who">
      {request.told.map((t) => (
        <li key={t.partner}>
          <Mark name={marks[t.state]}>
            {t.partner} <Sandbox on={t.sandbox} word={words.sandboxTag} />
          </Mark>{' '}
          {toldWords(t, request.kind, words, brand, now)}
        </li>
      ))}
    </ul>
  );
}

/** What became of it at one recipient, in words that follow its name. */
export function toldWords(t: ToldView, kind: RequestView['kind'], words: Words, brand: string, now: Date): string {
  const w = words.rights.told[kind];
  if (t.state === 'done') return w.done;
  if (t.state === 'waiting') return words.rights.waiting(brand, words.day(t.dueAt, now));
  if (t.state === 'refused') return w.refused(t.words ?? '');
  return t.why ? words.rights.notTold(words.reason(t.why, t.partner)) : w.noWay;
}
