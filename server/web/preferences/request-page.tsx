import type { JSX } from 'preact';
import type { RequestView } from '#contract/rights.ts';
import { Mark } from '../../../extension/panel/kit/icons.tsx';
import { inLanguage } from '../../i18n/spoken.ts';
import { Skip } from '../form.tsx';
import { Mast } from './mast.tsx';
import { Told } from './told.tsx';
import type { Words } from './words/en.ts';

/** One request and what became of it. */
export interface RequestProps {
  words: Words;
  brand: { name: string; slug: string; contact: string };
  /** ISO time of this answer. */
  now: string;
  request: RequestView;
  /** The page's own path: it is the only way back to it. */
  here: string;
  /** The language this address asks for. */
  lang?: string;
}

/** The status page of a request: the hub's own part, a line per recipient, the proof, the clock, whom to complain to (R37, R40). */
export function RequestPage({ words, brand, now: iso, request: r, here, lang }: RequestProps): JSX.Element {
  const w = words.rights;
  const now = new Date(iso);
  return (
    <>
      <Skip words={w.skip} />
      <div class="page">
        <Mast brand={brand.name} words={words} home={here} />
        <main id="main" class="read">
          <h1>{w.kind(r)}</h1>
          <p class="lede">{w.status[r.state]}</p>
          <section aria-labelledby="here">
            <h2 id="here">{w.hereHead(brand.name)}</h2>
            <div>
              <p>
                <Mark name={r.here ? 'yes' : 'open'}>{r.here ? w.hereDone[r.kind] : w.hereOpen}</Mark>
              </p>
              {r.leafIndex !== undefined && (
                <p>
                  {w.proof[0]}
                  <a href={`/ledger/proof/${r.leafIndex}`}>{w.row(r.leafIndex)}</a>
                  {w.proof[1]}
                </p>
              )}
            </div>
          </section>
          <section aria-labelledby="others">
            <h2 id="others">{w.others}</h2>
            <Told request={r} words={words} brand={brand.name} now={now} />
          </section>
          <section aria-labelledby="clock">
            <h2 id="clock">{w.clock}</h2>
            <div>
              <p>{w.received(words.day(r.receivedAt, now), words.day(`${r.dueOn}T12:00:00Z`, now))}</p>
              <p>{w.keep}</p>
              <p>
                {w.complain[0]}
                <a href={`mailto:${brand.contact}`}>{brand.contact}</a>
                {w.complain[1]}
              </p>
            </div>
          </section>
          <p class="take">
            <a href={inLanguage(`/privacy/${brand.slug}`, lang)}>{w.back}</a>
          </p>
        </main>
      </div>
    </>
  );
}
