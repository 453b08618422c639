import type { JSX } from 'preact';
import { type Correctable, longestCorrection } from '#contract/rights.ts';
import { PostForm } from '../form.tsx';
import { Told } from './told.tsx';
import type { PreferencesProps } from './types.ts';

const complete: Record<Correctable, string> = { name: 'name', email: 'email', phone: 'tel', company: 'organization' };

interface HeldProps extends Pick<PreferencesProps, 'words' | 'csrf' | 'held' | 'requests' | 'fix'> {
  brand: string;
  now: Date;
  correct: string;
  copy: string;
  forget: string;
}

/** What is kept of a person, to be corrected one by one; what they asked for; a copy; and the way to be forgotten (R37, R39, R42). */
export function Held(props: HeldProps): JSX.Element {
  const { words, held, requests, copy, forget } = props;
  const w = words.rights;
  return (
    <section aria-labelledby="held" class="held" id="held-here">
      <h2 id="held">{w.head}</h2>
      <p>{held.length > 0 ? w.lede : w.nothing}</p>
      {held.map((one) => (
        <Value key={one.field} {...one} {...props} />
      ))}
      {requests.length > 0 && <Asked {...props} />}
      <h3>{words.copy.head}</h3>
      <p>{words.copy.lede}</p>
      <p class="take">
        <a class="btn" href={copy} download>
          {words.copy.take}
        </a>
      </p>
      <h3>{w.forget.head}</h3>
      <p>{w.forget.lede}</p>
      <p class="take">
        <a class="btn" href={forget}>
          {w.forget.go}
        </a>
      </p>
    </section>
  );
}

/** One value with its form; what could not be taken stands there again, with the reason. */
function Value({
  field,
  value,
  words,
  csrf,
  fix,
  correct,
}: PreferencesProps['held'][number] & Pick<HeldProps, 'words' | 'csrf' | 'fix' | 'correct'>): JSX.Element {
  const wrong = fix?.field === field ? fix : undefined;
  const id = `held-${field}`;
  return (
    <PostForm action={correct} csrf={csrf} class="fill">
      <input type="hidden" name="field" value={field} />
      <label for={id}>{words.field(field)}</label>
      <div class="one">
        <input
          id={id}
          name="value"
          required
          maxLength={longestCorrection[field]}
          autocomplete={complete[field]}
          value={wrong ? wrong.value : value}
          aria-invalid={wrong && wrong.state !== 'same' ? true : undefined}
          aria-describedby={wrong ? `${id}-wrong` : undefined}
        />
        <button class="btn" type="submit">
          {words.rights.correct}
          <span class="sr"> {words.field(field)}</span>
        </button>
      </div>
      {wrong && (
        <p class={wrong.state === 'same' ? 'told' : 'trouble'} id={`${id}-wrong`} role="alert">
          {words.rights.fix[wrong.state]}
        </p>
      )}
    </PostForm>
  );
}

/** What the person asked for, and what became of it. */
const Asked = ({ words, requests, brand, now }: Pick<HeldProps, 'words' | 'requests' | 'brand' | 'now'>) => (
  <>
    <h3>{words.rights.asked}</h3>
    <ul>
      {requests.map((r) => (
        <li class="asked-for" key={`${r.receivedAt}${r.field ?? ''}`}>
          <p>
            {words.rights.kind(r)}, {words.day(r.receivedAt, now)}: {words.rights.state[r.state]}
          </p>
          <Told request={r} words={words} brand={brand} now={now} />
        </li>
      ))}
    </ul>
  </>
);
