import type { JSX } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { Copy, CopyChat } from '#contract/copy.ts';
import type { AgeBand, Country, DeclaredPlace } from '#contract/places.ts';
import { Answers, Ledger, type PartProps, Recipients, stamp } from './copy-lists.tsx';
import { toldWords } from './told.tsx';
import type { Words } from './words/en.ts';

/** The page lies on somebody's disk: what it looks like stands in it, and it asks nothing of any network. */
const css = `:root{color-scheme:light dark}
body{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere}
h1{font:700 1.8rem/1.2 Georgia,serif}h2{margin-top:2.5rem;border-bottom:2px solid;font-size:1.25rem}h3{margin-top:1.5rem}
ul,ol{padding-left:1.4rem}
dt{font-weight:600}dd{margin:0 0 .6rem}li p,li{margin:.3rem 0}.at{opacity:.75;font-size:.85rem}.said{white-space:pre-wrap}`;

/** A copy as one page to read: self-contained, printable, in the reader's language (R39). */
export const copyPage = (copy: Copy, words: Words): string => {
  const { copy: w } = words;
  return `<!doctype html>${renderToString(
    <html lang={words.tag}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>{w.title(copy.brand.name)}</title>
        <style>{css}</style>
      </head>
      <body>
        <main>
          <h1>{w.title(copy.brand.name)}</h1>
          <p>{w.made(stamp(words, copy.madeAt))}</p>
          <p>
            {copy.brand.legalName}, {copy.brand.address}. {copy.brand.contact}
          </p>
          <Profile copy={copy} words={words} />
          {copy.chats.map((chat) => (
            <Chat key={chat.number} chat={chat} words={words} />
          ))}
          <Answers copy={copy} words={words} />
          <Recipients copy={copy} words={words} />
          <Ledger copy={copy} words={words} />
          {copy.requests.length > 0 && (
            <>
              <h2>{w.requests}</h2>
              <ul>
                {copy.requests.map((r) => (
                  <li key={r.receivedAt}>
                    {stamp(words, r.receivedAt)}: {words.rights.kind(r)}, {words.rights.state[r.state]}
                    {r.told.length > 0 && (
                      <ul>
                        {r.told.map((t) => (
                          <li key={t.partner}>
                            {`${t.partner} ${toldWords(t, r.kind, words, copy.brand.name, new Date(copy.madeAt))}`}
                          </li>
                        ))}
                      </ul>
                    )}
                  </li>
                ))}
              </ul>
            </>
          )}
          <h2>{w.rights}</h2>
          <p>{w.yours(copy.brand.page)}</p>
          <p>
            {w.notHere[0]}
            {copy.brand.contact}
            {w.notHere[1]}
          </p>
        </main>
      </body>
    </html>,
  )}`;
};

/** A statement in words; one no list knows stays as it is stored. */
function saidWords(words: Words, kind: string, value: string): string {
  if (value === '') return words.copy.takenBack;
  if (kind === 'place') return words.placeName(value as DeclaredPlace);
  if (kind === 'country')
    return value
      .split(' ')
      .map((c) => words.country(c as Country))
      .join(', ');
  const age = kind === 'age' ? value.split('/')[0] : undefined;
  if (age !== undefined) return age === '' ? words.copy.takenBack : (words.ages[age as AgeBand] ?? age);
  return value;
}

function Profile({ copy, words }: PartProps): JSX.Element {
  const { copy: w } = words;
  return (
    <>
      <h2>{w.profile}</h2>
      {copy.profile.length === 0 && <p>{w.none}</p>}
      <dl>
        {copy.profile.map((v) => (
          <div key={v.field}>
            <dt>{words.field(v.field)}</dt>
            <dd>
              {v.value} <span class="at">{`${w.source(v.source)}, ${stamp(words, v.at)}`}</span>
            </dd>
          </div>
        ))}
      </dl>
      {copy.said.length > 0 && (
        <>
          <h3>{w.said}</h3>
          <ul>
            {copy.said.map((s) => (
              <li key={s.kind + s.at}>
                {w.kinds[s.kind] ?? s.kind}: {saidWords(words, s.kind, s.value)}{' '}
                <span class="at">{`${w.by[s.by] ?? s.by}, ${stamp(words, s.at)}`}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      {copy.foundBy.length > 0 && (
        <>
          <h3>{w.foundBy}</h3>
          <p>{copy.foundBy.map((f) => w.found(f.kind, f.verifiedAt !== undefined)).join('; ')}</p>
        </>
      )}
      {copy.signals.length > 0 && (
        <>
          <h3>{w.signals}</h3>
          <p>{copy.signals.map((s) => s.kind.toUpperCase()).join(', ')}</p>
        </>
      )}
    </>
  );
}

function Chat({ chat, words }: { chat: CopyChat; words: Words }): JSX.Element {
  const { copy: w } = words;
  const pages = [...chat.trail, ...(chat.page ? [chat.page] : [])];
  return (
    <>
      <h2>{w.chat(chat.number)}</h2>
      <p class="at">{stamp(words, chat.openedAt)}</p>
      {chat.recorded !== undefined && <p>{w.recorded(chat.recorded)}</p>}
      <ol>
        {chat.lines.map((line) => {
          const said = lineWords(chat, line, words);
          return said ? (
            <li key={line.n}>
              <span class="at">{stamp(words, line.at)}</span> <span class="said">{said}</span>
            </li>
          ) : null;
        })}
      </ol>
      {chat.device && (
        <p>
          {w.device}: {chat.device.words}
        </p>
      )}
      {pages.length > 0 && (
        <>
          <h3>{w.pages}</h3>
          <ul>
            {pages.map((p) => (
              <li key={p.at + p.address}>
                {`${p.title} (${p.address})`} <span class="at">{stamp(words, p.at)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

/** What was said, in words; answers and sends have a table of their own. */
function lineWords(chat: CopyChat, line: CopyChat['lines'][number], words: Words): string | undefined {
  const { copy: w } = words;
  if (line.kind === 'message') return `${line.author === 'visitor' ? w.you : line.by}: ${line.text}`;
  if (line.kind === 'ended') return w.ended;
  if (line.kind === 'mailed') return w.mailed(line.to);
  if (line.kind === 'rated') return w.rated(line.score, line.comment);
  if (line.kind !== 'file') return undefined;
  const file = chat.files.find((f) => f.n === line.n);
  return `${line.author === 'visitor' ? w.you : line.by}: ${line.name} (${file?.in ?? w.tooLarge})`;
}
