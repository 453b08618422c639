import type { JSX } from 'preact';
import type { Field } from '#contract/visitor.ts';
import { PostForm } from '../form.tsx';
import { Told } from './told.tsx';
import type { PreferencesProps } from './types.ts';

const complete: Partial<Record<Field, string>> = {
  name: 'name',
  email: 'email',
  phone: 'tel',
  company: 'organization',
};

interface HeldProps extends Pick<PreferencesProps, 'words' | 'csrf' | 'held' | 'requests' | 'fix'> {
  brand: string;
  now: Date;
  correct: string;
  copy: string;
  forget: string;
}

/** What is kept of a person, to be corrected one by one; what they asked for; and the way to be forgotten (R37, R42). */
export function Held({ words, csrf, held, requests, fix, brand, now, correct, copy, forget }: HeldProps): JSX.Element {
  const w = words.rights;
  return (
    <section aria-labelledby="held" class="held" id="held-here">
      <h2 id="held">{w.head}</h2>
      <p>{held.length > 0 ? w.lede : w.nothing}</p>
      {held.map(({ field, value }) => {
        const wrong = fix?.field === field ? fix : undefined;
        const id = `held-${field}`;
        return (
          <PostForm key={field} action={correct} csrf={csrf} class="fill">
            <input type="hidden" name="field" value={field} />
            <label for={id}>{words.field(field)}</label>
            <div class="one">
              <input
                id={id}
                name="value"
                required
                maxLength={254}
                autocomplete={complete[field]}
                value={wrong ? wrong.value : value}
                aria-invalid={wrong && wrong.state !== 'same' ? true : undefined}
                aria-describedby={wrong ? `${id}-wrong` : undefined}
              />
              <button class="btn" type="submit">
                {w.correct}
                <span class="sr"> {words.field(field)}</span>
              </button>
            </div>
            {wrong && (
              <p class={wrong.state === 'same' ? 'told' : 'trouble'} id={`${id}-wrong`} role="alert">
                {w.fix[wrong.state]}
              </p>
            )}
          </PostForm>
        );
      })}
      {requests.length > 0 && (
        <>
          <h3>{w.asked}</h3>
          <ul>
            {requests.map((r) => (
              <li class="asked-for" key={`${r.receivedAt}${r.field ?? ''}`}>
                <p>
                  {w.kind(r)}, {words.day(r.receivedAt, now)}: {w.state[r.state]}
                </p>
                <Told request={r} words={words} brand={brand} now={now} />
              </li>
            ))}
          </ul>
        </>
      )}
      <h3>{words.bundle.head}</h3>
      <p>{words.bundle.lede}</p>
      <p class="take">
        <a class="btn" href={copy} download>
          {words.bundle.take}
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
