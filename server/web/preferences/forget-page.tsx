import type { JSX } from 'preact';
import { PostForm, Sandbox, Skip } from '../form.tsx';
import { Mast } from './mast.tsx';
import type { Words } from './words/en.ts';

/** What the second step before an erasure says. */
export interface ForgetProps {
  words: Words;
  brand: { name: string; slug: string };
  csrf: string;
  /** Whoever got something, and how it can be told. */
  told: { partner: string; sandbox: boolean; way: 'api' | 'manual' | 'none' }[];
  action: string;
  home: string;
}

/** Says what being forgotten does, and who is told, before it is done (UI.md: a second step that names the partner). */
export function ForgetPage({ words, brand, csrf, told, action, home }: ForgetProps): JSX.Element {
  const w = words.rights.forget;
  return (
    <>
      <Skip words={words.rights.skip} />
      <div class="page">
        <Mast brand={brand.name} words={words} home={`/privacy/${brand.slug}/forget`} />
        <main id="main" class="read">
          <h1>{w.title(brand.name)}</h1>
          <ul class="decides">
            {w.means.map((line) => (
              <li key={line}>{line}</li>
            ))}
            {told.map((t) => (
              <li key={t.partner}>
                {w.told[t.way](t.partner, brand.name)} <Sandbox on={t.sandbox} word={words.sandboxTag} />
              </li>
            ))}
            {told.length === 0 && <li>{w.nobody}</li>}
            <li>{w.stays}</li>
          </ul>
          <PostForm action={action} csrf={csrf} class="acts">
            <button class="btn" type="submit">
              {w.sure}
            </button>
            <a class="btn" href={home}>
              {w.leave}
            </a>
          </PostForm>
        </main>
      </div>
    </>
  );
}
