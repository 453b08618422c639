import { type Entry, isSaid } from '#contract/chat.ts';
import { type HubClient, HubError } from '#contract/client.ts';
import { checkBegin } from './check.ts';
import { endingOf } from './ending.ts';
import { filesOf } from './files.ts';
import { type After, follow } from './follow.ts';
import { settleIdentity } from './identity.ts';
import type { Begin, Keep } from './keep.ts';
import { emptyLog, newIn, receive, send } from './log.ts';
import { loginOf } from './login.ts';
import type { Page } from './page.ts';
import { presenceOf } from './presence.ts';
import { askingOf } from './questions.ts';
import { sendingOf } from './sending.ts';
import { type Cell, emptyState, noChat, noValues, type State } from './state.ts';
import { plain, words } from './words.ts';

/** What the widget needs from the world around it; a test hands in its own. */
export interface Surroundings {
  page: Page;
  /** Makes the hub's client; `token` is read again at each call. */
  client: (token: () => Promise<string | undefined>) => HubClient;
  keep: Keep;
  now: () => Date;
  newId: () => string;
  /** 256 random bits, base64url. */
  newToken: () => string;
  after: After;
  random: () => number;
}

/** One visitor's chat: its state, who listens, and everything a visitor can do. Nothing rejects; failures are state. */
export function createChat(around: Surroundings) {
  const { keep, now, newId, newToken } = around;
  // Beside the storage, for browsers that refuse it.
  let token: string | undefined;
  let begun: Begin | undefined;
  let following: ReturnType<typeof follow> | undefined;
  let identity: string | undefined;
  const listeners = new Set<(state: State) => void>();
  let state: State = emptyState;
  const cell: Cell = {
    get: () => state,
    set: (part) => {
      state = { ...state, ...part };
      for (const listener of listeners) listener(state);
    },
  };
  const client = around.client(async () => token);
  const login = loginOf(cell, { ...around, client });
  const ending = endingOf(cell, { client, keep, newId, take: (entries) => take(entries), sent: () => sending.sent() });
  const presence = presenceOf(cell, { ...around, client });
  listeners.add(presence.look);
  const files = filesOf(cell, client, around);
  const sending = sendingOf(cell, {
    ...around,
    client,
    files,
    take: (entries) => take(entries),
    heard: () => state.offlineSince && following?.wake(),
    ended: () => ended(),
  });
  const asking = askingOf(cell, client, (entries, extra) => take(entries, extra), around.page.lang);

  /** Entries from anywhere; what is new and not the visitor's own counts as unread while the frame is closed. */
  function take(fresh: readonly Entry[], extra: Partial<State> = {}): void {
    const added = newIn(state.log, fresh);
    const news = added.filter((e) => (isSaid(e) && e.author === 'agent') || e.kind === 'asked');
    const log = receive(state.log, fresh);
    for (const message of state.log.sending) if (!log.sending.includes(message)) keep.dropSending(message.clientId);
    cell.set({
      log,
      ...asking.closed(added),
      unread: state.open ? 0 : state.unread + (state.loaded ? news.length : 0),
      ...extra,
    });
    asking.tend();
  }

  /** Counts the looks at who is here: a newer one, by the page's newest word, makes an older one's answer void. */
  let looks = 0;
  /**
   * Does `own` where this chat is of whom the page says is signed in, or was never of anybody who was; otherwise it is
   * forgotten here and the form stands empty (GATE.md k.10, k.11).
   */
  async function settle(own: () => void): Promise<void> {
    looks++;
    const look = looks;
    const theirs = identity ? await settleIdentity(client, keep, identity) : !keep.signedIn();
    if (look !== looks || token === undefined) return;
    if (theirs) own();
    else leave();
  }
  const resume = (): Promise<void> => settle(goOn);

  /** At once: whoever is here is not told what the other one wrote, also where the hub cannot be reached. */
  function leave(): void {
    const left = token;
    following?.stop();
    token = following = undefined;
    files.clear();
    keep.forget();
    const form = { values: noValues, sending: false, errors: {}, note: words.somebodyElse };
    cell.set({ ...noChat, form });
    around
      .client(async () => left)
      .call('chatSignOut', {})
      .catch(() => undefined);
  }

  function goOn(): void {
    following?.stop();
    cell.set({ phase: 'chat' });
    following = follow({
      client,
      after: around.after,
      random: around.random,
      now,
      history: (answer) => {
        presence.history(answer);
        const fresh = newIn(state.log, answer.entries).filter((e) => isSaid(e) && e.author === 'agent');
        const said = !state.loaded
          ? ''
          : fresh.length > 1
            ? words.newMessages(fresh.length)
            : state.offlineSince
              ? words.again
              : state.said;
        const { agent, signal = false } = answer;
        take(answer.entries, { loaded: true, agent, signal, offlineSince: undefined, said });
        void sending.flush();
      },
      entry: (entry) => take([entry], isSaid(entry) && entry.author === 'agent' ? { agent: entry.by, said: '' } : {}),
      notice: asking.redraw,
      told: presence.told,
      offline: () => cell.set({ offlineSince: state.offlineSince ?? now().toISOString() }),
      ended,
    });
  }

  /** The hub no longer knows this chat: a returning visitor starts anew, one in mid-chat is told. */
  function ended(): void {
    following?.stop();
    token = undefined;
    const unsent = state.log.sending.flatMap(({ text }) => text || []).join('\n\n');
    files.clear();
    keep.forget();
    const form = {
      values: { ...noValues, text: unsent },
      sending: false,
      errors: {},
      ...(unsent && { note: words.unsentBegin }),
    };
    if (state.loaded) cell.set({ phase: 'ended', form, offlineSince: undefined, asking: {} });
    else cell.set({ phase: 'form', form, log: emptyLog, offlineSince: undefined });
  }

  async function post(begin: Begin): Promise<void> {
    const { name, email, phone, text, clientId, token: own, login: pick, recorded } = begin;
    const given = Object.entries({ name, email, phone }).flatMap(([k, v]) => (v.trim() ? [[k, v.trim()]] : []));
    const answer = await client.call('chatStart', {
      brand: around.page.brand.slug,
      token: own,
      clientId,
      text,
      ...Object.fromEntries(given),
      ...(pick && { login: pick }),
      ...(recorded !== undefined && { recorded }),
    });
    token = own;
    begun = undefined;
    keep.saveToken(own);
    keep.saveBegun(undefined);
    const form = { values: noValues, sending: false, errors: {} };
    cell.set({ form, came: undefined, filling: undefined, loaded: true, log: emptyLog });
    take([answer.entry]);
    goOn();
    if (identity) void settle(() => {});
  }

  return {
    get: cell.get,
    /** Calls `listener` after each change; the result ends it. */
    on(listener: (state: State) => void): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    /** The visitor sees the widget. Only now a returning visitor is recognised (R57). */
    open(who?: string): void {
      const other = token !== undefined && who !== identity;
      identity = who;
      if (other) {
        following?.stop();
        void resume();
      }
      const first = !state.open && token === undefined && state.phase === 'form';
      cell.set({ open: true, unread: 0 });
      if (first) {
        token = keep.token();
        begun = keep.begun();
        if (token) {
          cell.set({ ending: { skipped: keep.skipped() } });
          let log = state.log;
          for (const message of keep.outbox()) log = send(log, message);
          cell.set({ log });
          void resume();
        } else if (begun) {
          cell.set({ form: { values: begun, sending: false, errors: {}, note: words.unsentBegin } });
        }
      }
      asking.tend();
    },
    closed: () => cell.set({ open: false, said: '' }),
    /** The first message, with what the visitor chose to give. A repeat after a failure carries the same clientId. */
    async begin(values: Omit<Begin, 'clientId' | 'token'>): Promise<void> {
      if (state.form.sending) return;
      const errors = checkBegin(values, around.page);
      if (Object.keys(errors).length > 0) return cell.set({ form: { values, sending: false, errors } });
      // Another tab of the same site may have begun meanwhile: then this is the next message of that chat.
      const other = keep.token();
      if (other) {
        token = other;
        sending.put(values.text);
        return goOn();
      }
      const trimmed = { ...values, text: values.text.trim() };
      const same =
        begun &&
        (['text', 'name', 'email', 'phone', 'recorded'] as const).every((key) => begun?.[key] === trimmed[key]);
      const ids = same && begun ? begun : { clientId: newId(), token: newToken() };
      const came = same ? begun?.login : state.came?.pick;
      begun = { ...trimmed, clientId: ids.clientId, token: ids.token, ...(came && { login: came }) };
      keep.saveBegun(begun);
      cell.set({ form: { values, sending: true, errors: {} } });
      try {
        await post(begun);
      } catch (error) {
        const status = error instanceof HubError ? error.status : 0;
        if (status === 409) begun = undefined; // taken for other words: the next press gets a new id
        const note = `${words.notSent} ${status === 0 ? words.noAnswerBegin : plain(status)}`;
        cell.set({ form: { values, sending: false, errors: {}, note } });
      }
    },
    ...sending.acts,
    /** Leaves a chat that is over; from here on this browser knows nothing of it. */
    startNew(): void {
      following?.stop();
      following = undefined;
      token = undefined;
      keep.forget();
      cell.set(noChat);
    },
    ask: asking,
    presence,
    ending,
    login,
    /** A one-time code for the preference page; undefined, with `trouble` set, where the hub gave none. */
    async myData(): Promise<{ code: string; action: string } | undefined> {
      cell.set({ trouble: undefined });
      try {
        return await client.call('chatMyData', {});
      } catch (error) {
        cell.set({ trouble: plain(error instanceof HubError ? error.status : 0) });
      }
    },
    blocked: () => cell.set({ trouble: words.blocked }),
    /** The network is back, or the page is before somebody's eyes again: what waits does not wait for its timer. */
    wake(): void {
      following?.wake();
      void sending.flush();
    },
    stop: () => following?.stop(),
  };
}
/** What createChat returns. */
export type Chat = ReturnType<typeof createChat>;
