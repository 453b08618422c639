import type { JSX } from 'preact';
import type { ConnectionView, Way } from '#contract/connection.ts';
import type { Field } from '#contract/visitor.ts';
import { Icon } from '../../../extension/panel/kit/icons.tsx';
import { count, fieldList, list, start, when, whole } from '../../i18n/en.ts';
import { Sandbox } from '../form.tsx';
import { paths } from './paths.ts';
import { type Frame, Shell } from './shell.tsx';
import { verified } from './words.ts';

/** An add-on of the catalogue that this brand has not connected. */
interface CatalogueEntry {
  provider: string;
  name: string;
  way: Way;
  sandbox: boolean;
  /** Fields it would like, in its own order. */
  fields: Field[];
  /** What it brings in, where it asks for nothing. */
  brings: string[];
  /** How sure its tests are (PARTNERS.md 1), a sentence. */
  verification: string;
}

/** Everything the list of connections shows. */
export interface ConnectionsProps {
  frame: Frame;
  now: string;
  connections: ConnectionView[];
  catalogue: CatalogueEntry[];
  /** One sentence about what was done just now: "HubSpot is connected." */
  done?: string;
}

const rank = (c: ConnectionView): number => (c.state === 'revoked' ? 2 : c.health.state === 'ok' ? 1 : 0);
const isStopped = (c: ConnectionView): boolean => c.state === 'active' && c.stopped !== undefined;
const inTrouble = (c: ConnectionView): boolean => c.state === 'active' && c.health.state !== 'ok' && !c.stopped;
/** Waits for a person here; any other trouble ends at the partner and is tried again by itself. */
const needsYou = (c: ConnectionView): boolean => c.health.state === 'needs_reconnect';

/** Connections with their health in plain words, trouble first, then what could be connected. */
export function Connections({ frame, now, connections, catalogue, done }: ConnectionsProps): JSX.Element {
  const rows = [...connections].sort((a, b) => rank(a) - rank(b) || a.partner.localeCompare(b.partner));
  const firstTrouble = rows.find(needsYou);
  return (
    <Shell frame={frame} here="connections" title="Connections" lede={summary(connections)}>
      {done && (
        <p class="told" role="status">
          {done}
        </p>
      )}
      {rows.length > 0 && (
        <ul class="links" aria-label="Connections and their health">
          {rows.map((c) => (
            <Row key={c.id} connection={c} now={new Date(now)} main={c === firstTrouble} />
          ))}
        </ul>
      )}
      {catalogue.length > 0 && (
        <section aria-labelledby="catalogue">
          <h2 id="catalogue">Not connected</h2>
          <p class="dim">Read the data sheet first: what an add-on may receive, why, and for how long.</p>
          <ul class="links catalogue">
            {catalogue.map((a, n) => (
              <li key={a.provider}>
                <h3>
                  {a.name} <Sandbox on={a.sandbox} />
                </h3>
                <p class="cause">
                  {a.fields.length > 0
                    ? `Would ask visitors for ${fieldList(a.fields)}.`
                    : a.way === 'login'
                      ? `Would let visitors fill in ${whole(list(a.brings))} from it.`
                      : 'Would only send to askfirst, and get nothing.'}
                </p>
                <p class="times">{verified(a.verification)}</p>
                <p class="do">
                  <a class={rows.length + n === 0 ? 'btn main' : 'btn'} href={paths.add(a.provider)}>
                    Data sheet<span class="sr"> of {a.name}</span>
                  </a>
                </p>
              </li>
            ))}
          </ul>
        </section>
      )}
      <p class="dim more">
        <a href={paths.website}>The chat on your pages</a>: the line to put in, and who is signed in there. Moving from
        another system? <a href={paths.importAnswers}>Bring its answers along</a>: each no counts at once. When one
        breaks: <a href={paths.alerts}>who is told</a>.
      </p>
    </Shell>
  );
}

function Row({ connection: c, now, main }: { connection: ConnectionView; now: Date; main: boolean }): JSX.Element {
  const bad = inTrouble(c);
  const call = c.brings ? 'sign-in' : 'call';
  const reconnect = needsYou(c);
  const waits = c.waiting > 0 ? ` ${start(count(c.waiting, 'send'))} ${c.waiting === 1 ? 'waits' : 'wait'}.` : '';
  return (
    <li class={bad ? 'trouble' : undefined}>
      <h2>
        {reconnect ? <a href={paths.connection(c.id)}>{c.partner}</a> : c.partner} <Sandbox on={c.sandbox} />
      </h2>
      <Health connection={c} />
      <p class="cause">
        {c.health.cause}
        {c.brings && c.state === 'active' && ` Brings in ${whole(list(c.brings))}, as far as they pick it.`}
      </p>
      <p class="times">
        {c.way !== 'incoming' && (c.lastGoodAt ? `Last good ${call} ${when(c.lastGoodAt, now)}.` : `No ${call} yet.`)}
        {c.health.nextTryAt && ` Next try ${when(c.health.nextTryAt, now)}.`}
        {waits}
        {c.renews && ` ${start(keyWords(c.renews, now))}.`}
        {c.followUps > 0 && (
          <>
            {' '}
            <a href={paths.followedUp(c.id)}>
              {start(count(c.followUps, 'follow-up'))}
              <span class="sr"> at {c.partner}</span>
            </a>{' '}
            to tell by hand.
          </>
        )}
        {c.changes > 0 && (
          <>
            {' '}
            <a href={paths.changes(c.id)}>
              {start(count(c.changes, 'change'))} {c.changes === 1 ? 'waits' : 'wait'} for you
              <span class="sr"> at {c.partner}</span>
            </a>
          </>
        )}
      </p>
      <p class="do">
        <a class={main ? 'btn main' : 'btn'} href={reconnect ? paths.add(c.provider) : paths.connection(c.id)}>
          {reconnect ? 'Reconnect' : 'Open'}
          <span class="sr"> {c.partner}</span>
        </a>
      </p>
    </li>
  );
}

/** When a connection's key is renewed (R5), to be said after "Key:" or by itself. */
export const keyWords = (renews: string, now: Date): string =>
  renews === 'never'
    ? 'the key does not run out'
    : renews === 'next call'
      ? 'the key is renewed at the next call'
      : `the key is renewed from ${when(renews, now)} on`;

/** The word for a connection's health; never "works" while it does not (R5). */
export function Health({ connection: c }: { connection: ConnectionView }): JSX.Element {
  if (c.state === 'revoked') return <span class="health off">{c.brings ? 'Off' : 'Disconnected'}</span>;
  if (c.health.state === 'ok') return <span class="health ok">Works</span>;
  if (c.stopped)
    return (
      <span class="health bad">
        <Icon name="stop" />
        Stopped
      </span>
    );
  return (
    <span class="health bad">
      <Icon name="warn" />
      {needsYou(c) ? 'Needs you' : 'Has trouble'}
    </span>
  );
}

function summary(all: ConnectionView[]): string {
  const live = all.filter((c) => c.state === 'active');
  if (live.length === 0) return 'Nothing connected yet. Nothing leaves.';
  const need = live.filter(needsYou).length;
  const bad = live.filter(inTrouble).length - need;
  const stopped = live.filter(isStopped).length;
  const good = live.length - need - bad - stopped;
  const waiting = live.reduce((sum, c) => sum + c.waiting, 0);
  const parts = (
    [
      [good, 'works', 'work'],
      [need, 'needs you', 'need you'],
      [bad, 'has trouble', 'have trouble'],
      [stopped, 'is stopped', 'are stopped'],
    ] as const
  )
    .filter(([n]) => n > 0)
    // What is counted is named once, at the beginning.
    .map(([n, one, many], i) => (i === 0 ? count(n, `connection ${one}`, `connections ${many}`) : count(n, one, many)));
  const rest = waiting > 0 ? ` Nothing is lost: ${count(waiting, 'send')} ${waiting === 1 ? 'waits' : 'wait'}.` : '';
  return `${start(parts.join(', '))}.${rest}`;
}
