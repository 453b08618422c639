import { type Entry, isSaid } from '#contract/chat.ts';
import type { Purpose } from '#contract/consent.ts';

/** A message of the visitor that the hub has not acknowledged; `failed` is the reason in plain words. */
export interface Sending {
  clientId: string;
  text: string;
  at: string;
  failed?: string;
  /** It is a file, without words; `part` is how much of it has left, 0 to 1. */
  file?: { name: string; bytes: number; part?: number };
}

/** Everything known of the conversation: acknowledged entries in order of `seq`, then what is still on its way. */
export interface Log {
  entries: readonly Entry[];
  sending: readonly Sending[];
}

/** A log with nothing in it. */
export const emptyLog: Log = { entries: [], sending: [] };

/** Takes in entries from answer, history or stream in any order; each `seq` and each `clientId` stands once (R62). */
export function receive(log: Log, fresh: readonly Entry[]): Log {
  const bySeq = new Map(log.entries.map((entry) => [entry.seq, entry]));
  for (const entry of fresh) bySeq.set(entry.seq, entry);
  const entries = [...bySeq.values()].sort((a, b) => a.seq - b.seq);
  const known = new Set(entries.map((entry) => isSaid(entry) && entry.author === 'visitor' && entry.clientId));
  return {
    entries,
    sending: log.sending.filter((message) => !known.has(message.clientId)),
  };
}

/** Those the log does not hold yet: one line can arrive after a newer one, when that was the visitor's own. */
export function newIn(log: Log, fresh: readonly Entry[]): readonly Entry[] {
  const known = new Set(log.entries.map((entry) => entry.seq));
  return fresh.filter((entry) => !known.has(entry.seq));
}

/** Adds or replaces an unacknowledged message; one that the hub already acknowledged is left alone. */
export function send(log: Log, message: Sending): Log {
  const at = log.sending.findIndex((other) => other.clientId === message.clientId);
  const sending = at < 0 ? [...log.sending, message] : log.sending.with(at, message);
  return receive({ ...log, sending }, []);
}

/** What a question is about: one partner and one purpose. */
export interface Topic {
  integration: string;
  partner: string;
  purpose: Purpose;
}
/** The name of a topic within one conversation. */
export const topicKey = (topic: Topic): string => `${topic.integration} ${topic.purpose}`;

/** True where turning a partner off ended what was said or asked about this topic. */
export const isOff = (entry: Extract<Entry, { kind: 'withdrawn' }>, topic: Omit<Topic, 'partner'>): boolean =>
  entry.integration === topic.integration && (!entry.purposes || entry.purposes.includes(topic.purpose));

/** One entry kind. */
export type EntryOf<K extends Entry['kind']> = Extract<Entry, { kind: K }>;

/** One line of the log as a person reads it. `key` stays the same when a waiting message is acknowledged. */
export type Item =
  | { kind: 'message'; key: string; entry: EntryOf<'message'> | EntryOf<'file'> }
  | { kind: 'sending'; key: string; message: Sending }
  | { kind: 'question'; key: string; topic: Topic }
  | { kind: 'answer'; key: string; entry: EntryOf<'answered'>; latest: boolean; before?: EntryOf<'answered'> }
  | { kind: 'off'; key: string; entry: EntryOf<'withdrawn'> }
  | { kind: 'told'; key: string; entry: EntryOf<'objected'> | EntryOf<'under_age'> | EntryOf<'keyword'> }
  | { kind: 'end'; key: string; entry: EntryOf<'ended'> | EntryOf<'rated'> | EntryOf<'mailed'> }
  | { kind: 'share'; key: string; entry: EntryOf<'share'> };

/**
 * The lines of a log. An open question stands where it was asked and becomes its answer in place; a withdrawal ends it.
 * Of the shares only those are lines that left or may have left: what stays is nothing new to the visitor.
 */
export function items(log: Log): Item[] {
  const lines = new Map<string, Item>();
  const open = new Map<string, string>(); // topic -> key of its open question
  const answered = new Map<string, Extract<Item, { kind: 'answer' }>>();
  const close = (topic: string) => {
    const at = open.get(topic);
    open.delete(topic);
    return at;
  };
  for (const entry of log.entries) {
    const key = String(entry.seq);
    if (isSaid(entry)) {
      const name = entry.author === 'visitor' ? entry.clientId : key;
      lines.set(name, { kind: 'message', key: name, entry });
    } else if (entry.kind === 'share') {
      if (entry.state === 'sent' || entry.state === 'unknown') lines.set(entry.share, { kind: 'share', key, entry });
      else if (entry.state === 'failed') lines.delete(entry.share);
    } else if (entry.kind === 'objected' || entry.kind === 'under_age' || entry.kind === 'keyword') {
      // Under age, every yes so far is void: none of them can be changed any more.
      if (entry.kind === 'under_age' && entry.on) {
        for (const line of answered.values()) line.latest = false;
        answered.clear();
      }
      lines.set(key, { kind: 'told', key, entry });
    } else if (entry.kind === 'ended' || entry.kind === 'rated' || entry.kind === 'mailed') {
      lines.set(key, { kind: 'end', key, entry });
    } else if (entry.kind === 'asked') {
      const topic = topicKey(entry);
      const at = close(topic);
      if (at) lines.delete(at); // asked twice: the newest question stands
      open.set(topic, key);
      lines.set(key, { kind: 'question', key, topic: entry });
    } else if (entry.kind === 'answered') {
      const topic = topicKey(entry);
      const before = answered.get(topic);
      if (before) before.latest = false;
      const at = close(topic) ?? key;
      const line: Item = { kind: 'answer', key: at, entry, latest: true, ...(before && { before: before.entry }) };
      answered.set(topic, line);
      lines.set(at, line);
    } else if (entry.kind === 'withdrawn') {
      // Switching a partner off answers every open question about what is off, and ends what was said to it.
      for (const [topic, at] of open) {
        const asked = lines.get(at);
        if (asked?.kind !== 'question' || !isOff(entry, asked.topic)) continue;
        open.delete(topic);
        lines.delete(at);
      }
      for (const [topic, line] of answered)
        if (isOff(entry, line.entry)) {
          line.latest = false;
          answered.delete(topic);
        }
      lines.set(key, { kind: 'off', key, entry });
    }
  }
  for (const message of log.sending) lines.set(message.clientId, { kind: 'sending', key: message.clientId, message });
  return [...lines.values()];
}
