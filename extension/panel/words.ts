import type { Card, ConversationView, Entry, PreviewRow, Revealed, StripCell } from '#contract/chat.ts';
import type { Purpose } from '#contract/consent.ts';
import { type Field, visitorFields } from '#contract/visitor.ts';
import {
  clock,
  count,
  dateWords,
  day,
  fieldList,
  list,
  ratingWords,
  reasonForAgent,
  start,
  when,
  whole,
} from '../../server/i18n/en.ts';
import { isLive, type PanelState } from './state.ts';

/** How a person is called in a sentence: the first word of a name, all of "Visitor 7F2C"; never a pronoun (UI.md 5). */
export const calledBy = (title: string): string =>
  /^Visitor \S+$/.test(title) ? title : (title.trim().split(/\s+/)[0] ?? title);

/** "Ada is writing": all that is known of words nobody sent (R62). */
export const writingWords = (title: string): string => `${calledBy(title)} is writing`;

/** "Seen 14:02": the visitor had it on screen. */
export const seenWords = (at: string | undefined): string => (at ? `Seen ${clock(at)}` : 'Seen');

/** A visitor's first name where the person or an agent gave one: what a reply may call them by. */
export function nameOf(view: ConversationView | undefined): string | undefined {
  const name = view?.facts.find((f) => f.field === 'name');
  return view && name?.value !== undefined && name.partner === undefined ? calledBy(name.value) : undefined;
}

/** "name and e-mail". */
export const fieldWords = fieldList;

/** Fields a partner declares for one purpose; none where it is not connected any more. */
export const fieldsFor = (
  strip: readonly StripCell[],
  of: { integration: string; purpose: Purpose },
): readonly Field[] =>
  strip.find((c) => c.integration === of.integration)?.purposes.find((p) => p.purpose === of.purpose)?.fields ?? [];

/** "You asked whether HubSpot may get name, e-mail and phone."; for what comes back: "… whether company may be added from HubSpot." */
export function askedWords(by: string, partner: string, fields: readonly Field[], receives = false): string {
  if (fields.length === 0) return `${by} asked about ${partner}.`;
  const what = receives
    ? `${fieldWords(fields)} may be added from ${partner}`
    : `${partner} may get ${fieldWords(fields)}`;
  return `${by} asked whether ${what}.`;
}

/** "HubSpot, 22 Nov", today "HubSpot, 14:06": where a value came from and when (R22). */
export const fromWords = (partner: string, at: string | undefined, now: number): string =>
  at ? `${partner}, ${when(at, new Date(now)).replace('today, ', '')}` : partner;

/** "Ada said not now to HubSpot, for transcript. This chat will not ask again." */
export const notNowWords = (who: string, partner: string, fields: readonly Field[]): string =>
  `${who} said not now to ${partner}${fields.length > 0 ? `, for ${fieldWords(fields)}` : ''}. This chat will not ask again.`;

/** Why there is nothing to press: said no, or not now in this very chat; empty where asking is possible or goes on. */
export function whyNotAsk(of: StripCell['purposes'][number], who: string, entries: readonly Entry[]): string {
  if (of.mayAsk || of.state === 'yes' || of.state === 'asked') return '';
  if (of.state === 'no') return 'This chat will not ask again.';
  const last = entries.findLast((e) => e.kind === 'answered' && e.purpose === of.purpose);
  return last?.kind === 'answered' && last.yes.length + last.no.length === 0
    ? `${who} said not now. This chat will not ask again.`
    : '';
}

/** A partner's date as people read it; anything else as the partner gave it. */
export const cardValue = (value: string, now: number): string =>
  /^\d{4}-\d\d-\d\d$/.test(value) ? day(value, new Date(now)) : value;

/** A declared reason, written to the visitor, as a sentence about the visitor: "To find Ada’s contact record". */
export const purposeLine = (because: string, who: string): string =>
  start(`to ${because.replace(/^to /i, '').replace(/\byour\b/g, `${who}’s`)}`);

/** The words after the dot in the top bar: true by the last sign of life, never by hope (R75). */
export function linkWords(link: PanelState['link'], now: number): string {
  if (link.beatAt === undefined) return 'connecting';
  const at = clock(new Date(link.beatAt).toISOString());
  return isLive(link, now) ? `live, ${at}` : `offline since ${at}`;
}

/** "3 open, 1 waiting": figures, as this is the head of a table. */
export function queueWords(rows: PanelState['rows']): string {
  const waiting = rows.filter((r) => r.unread > 0).length;
  return `${rows.length} open${waiting ? `, ${waiting} waiting` : ''}`;
}

const stripStates: Record<StripCell['state'], string> = {
  yes: 'Yes',
  no: 'No',
  asked: 'Asked',
  later: 'Not now',
  open: 'Not asked',
  off: 'Off',
};
/** The word of a strip cell (UI.md 2). */
export const stripWord = (cell: Pick<StripCell, 'state'>): string => stripStates[cell.state];

/** The small line of a strip cell: when it was said, or that nothing leaves. */
export function stripSince(cell: StripCell, now: number): string {
  if (!cell.since) return 'nothing leaves';
  const at = when(cell.since, new Date(now));
  return cell.state === 'no' && !at.startsWith('today') ? `since ${at}` : at;
}

/** "HubSpot: no, since 14:09", said once when a cell changed (UI.md 6). */
export const stripChanged = (cell: StripCell): string =>
  `${cell.partner}: ${stripWord(cell).toLowerCase()}${cell.since ? `, since ${clock(cell.since)}` : ''}`;

/** Why a card is empty (UI.md 5, 28 to 33). */
export function emptyCardWords(card: Card, who: string): string {
  const { partner, empty } = card;
  if (empty === 'not_asked') return `${who} has not been asked about ${partner}, so nothing was looked up.`;
  if (empty === 'not_now') return `${who} said not now to ${partner}, so nothing was looked up.`;
  if (empty === 'not_sent') return `Nothing was sent to ${partner} yet, so ${partner} gave nothing back.`;
  if (empty === 'refused') return `${who} said no to ${partner}. This chat will not ask again.`;
  return empty ? reasonForAgent(empty, who, partner) : `${partner} gave nothing to show.`;
}

/** Who read a contact that is hidden from agents, and why: "Jens revealed the phone, today, 14:02: Ada wants a call." */
export const revealedWords = ({ by, field, at, reason }: Revealed, now: number): string =>
  `${by} revealed the ${visitorFields[field].label}, ${when(at, new Date(now))}: ${reason}`;

/** What is broken, who knows, and that nothing is lost (R5, R7, UI.md 5). */
export const reconnectWords = (partner: string, told: readonly string[]): string =>
  `${partner} needs reconnecting${told.length > 0 ? `; ${list(told)} ${told.length === 1 ? 'was' : 'were'} told` : ''}. What is sent now waits, and goes by itself then.`;

const emptyNotes: Partial<Record<NonNullable<Card['empty']>, string>> = {
  not_asked: 'not asked yet',
  not_now: 'said not now',
  not_sent: 'nothing sent yet',
  refused: 'said no',
  withdrawn: 'taken back',
  connection_not_active: 'needs reconnecting',
};

/** The note at the right of a card's head: a folded card still says what state it is in (R73). */
export function cardNote(card: Card, now: number, trouble?: 'waiting' | 'failed' | 'unknown'): string {
  if (card.reconnect) return 'needs reconnecting';
  if (trouble === 'waiting') return 'asking';
  const failed = trouble ? ', last try failed' : '';
  if (card.at) return `read ${when(card.at, new Date(now)).replace('today, ', '')}${failed}`;
  if (trouble) return 'empty: last try failed';
  const note = card.empty && emptyNotes[card.empty];
  return note ? `empty: ${note}` : 'empty';
}

/** "Two fields leave, one stays." */
export function previewCounts(rows: readonly PreviewRow[]): string {
  const leaving = rows.filter((r) => r.leaves).length;
  const staying = rows.length - leaving;
  const leave = leaving === 0 ? 'Nothing leaves' : `${start(count(leaving, 'field'))} leave${leaving === 1 ? 's' : ''}`;
  if (staying === 0) return `${leave}.`;
  return `${leave}, ${count(staying, '', '').trim()} stay${staying === 1 ? 's' : ''}.`;
}

/** The button counts: "Send two fields". */
export function sendWords(rows: readonly PreviewRow[]): string {
  const leaving = rows.filter((r) => r.leaves).length;
  return leaving === 0 ? 'Nothing may leave.' : `Send ${count(leaving, 'field')}`;
}

/** "HubSpot needs an e-mail, and it is not known." */
export function lackingWords(fields: readonly Field[], partner: string): string {
  const named = fields.map((f) => `${/^[aeiou]/.test(visitorFields[f].label) ? 'an' : 'a'} ${visitorFields[f].label}`);
  return whole(`${partner} needs ${list(named)}, and ${fields.length === 1 ? 'it is' : 'they are'} not known.`);
}

/** Why a row stays, in the place of its value (UI.md 7). */
export const stayWords = (row: Extract<PreviewRow, { leaves: false }>, who: string, partner: string): string =>
  row.from ? `It came from ${row.from}, so it is never sent on.` : reasonForAgent(row.reason, who, partner, row.saidNo);

/** "Send to HubSpot", or "Send transcript to HubSpot" where the purpose is free text alone. */
export function sendTo(partner: string, fields: readonly Field[]): string {
  const free = fields.length > 0 && fields.every((f) => visitorFields[f].freeText);
  return free ? `Send ${fieldWords(fields)} to ${partner}` : `Send to ${partner}`;
}

/** Fields to which the person said no when `share` was made: the newest answer to the same question before it. */
export function refusedBefore(entries: readonly Entry[], share: Extract<Entry, { kind: 'share' }>): readonly Field[] {
  const { integration, purpose, seq } = share;
  const answer = entries.findLast(
    (e) => e.kind === 'answered' && e.integration === integration && e.purpose === purpose && e.seq < seq,
  );
  return answer?.kind === 'answered' ? answer.no : [];
}

/** One sentence per state of a share; the mark's word comes first and is drawn by the view. */
export function shareWords(
  e: Extract<Entry, { kind: 'share' }>,
  who: string,
  saidNo: readonly Field[],
): { word: string; rest: string } {
  const got = e.fields.length > 0 ? `: ${fieldWords(e.fields)}` : '';
  const stayed = e.withheld.map(({ field, reason }) => {
    const why = reasonForAgent(reason, who, e.partner, saidNo.includes(field));
    const named = why.startsWith(who) || why.startsWith(e.partner);
    return `${start(visitorFields[field].label)} stayed: ${named ? why : why.charAt(0).toLowerCase() + why.slice(1)}`;
  });
  const cause = e.cause ? [e.cause] : [];
  const line = (first: string, ...more: string[]): string => [first, ...more].join(' ');
  switch (e.state) {
    case 'waiting':
      return { word: 'Waiting', rest: line(`to leave for ${e.partner}${got}.`, ...cause) };
    case 'sent':
      return { word: 'Sent', rest: line(`to ${e.partner}${got}.`, ...stayed) };
    case 'withheld':
      return { word: 'Withheld', rest: line(`from ${e.partner}.`, ...(stayed.length > 0 ? stayed : cause)) };
    case 'unknown':
      return { word: 'Not confirmed', rest: line(`by ${e.partner}${got}. It may have arrived.`, ...cause) };
    case 'failed':
      // Refused or never reached: bytes may have left, so this is not "not sent".
      return { word: 'Not taken', rest: line(`by ${e.partner}.`, ...cause) };
  }
}

/** A person who objects or was found under age, or that taken back, with what it stopped. */
export function stoppedWords(e: Extract<Entry, { kind: 'objected' | 'under_age' }>, who: string): string {
  const [done, undone] = e.kind === 'objected' ? objectionWords(e.what, who) : ageWords(e.by, who);
  return e.on ? [done, ...stoppedToo(e)].join(' ') : undone;
}

const objectionWords = (what: 'all' | 'profiling', who: string): [string, string] => {
  const use = what === 'all' ? 'all profiling and direct marketing use' : 'profiling';
  return [`${who} stopped ${use}.`, `${who} no longer objects to ${use}.`];
};
const ageWords = (by: string | undefined, who: string): [string, string] => [
  by ? `${by} flagged ${who} as under age. Nothing is shared.` : `${who} says: under age. Every yes so far is void.`,
  `${by ?? 'The hub'} cleared the flag: ${who} is not held to be under age.`,
];

function stoppedToo(e: { stopped: number; alreadyOut: number }): string[] {
  const parts: string[] = [];
  if (e.stopped > 0)
    parts.push(`${start(count(e.stopped, 'send'))} that ${e.stopped === 1 ? 'was' : 'were'} waiting did not leave.`);
  if (e.alreadyOut > 0) parts.push(`${start(count(e.alreadyOut, 'send'))} had left before.`);
  return parts;
}

/** Before a send, while sending to the partner is stopped (SECURITY.md control 8). */
export const heldWords = (partner: string): string =>
  `Sending to ${partner} is stopped. What you send now waits here, and is decided again when it goes on.`;

/** A yes taken back, or a no where none stood; with what it stopped and what had left before. */
export function withdrawnWords(e: Extract<Entry, { kind: 'withdrawn' }>, who: string): string {
  const what = e.noYes
    ? `said no to ${e.purposes ? 'one use of ' : ''}${e.partner}`
    : `took ${e.purposes ? 'one' : 'the'} yes for ${e.partner} back`;
  return [`${who} ${what}.`, ...stoppedToo(e)].join(' ');
}

/** What a visitor's keyword did; a stop word by its name (R45). */
export const keywordWords = ({ word, wrote = 'STOP' }: Extract<Entry, { kind: 'keyword' }>, who: string): string =>
  ({
    stop: `${who} wrote ${wrote}: every partner is off, and no mail goes out.`,
    start: `${who} wrote START and is asked again.`,
    help: `${who} wrote HELP and was told how to stop and start.`,
  })[word];

const weekday = dateWords({ weekday: 'long', day: 'numeric', month: 'long' });
/** "Sunday 22 November", with "Today," before it where it is. */
export function dayWords(iso: string, now: number): string {
  const d = new Date(iso);
  const day = weekday(d);
  return d.toDateString() === new Date(now).toDateString() ? `Today, ${day}` : day;
}

/** What happened at the end of a chat (R59, R60); `by` turns the reader's own name into "You". */
export function endingWords(
  entry: Extract<Entry, { kind: 'ended' | 'rated' | 'mailed' }>,
  who: string,
  by: (name: string) => string,
): string {
  if (entry.kind === 'ended') return `${entry.by === 'visitor' ? who : by(entry.name ?? 'The agent')} ended the chat.`;
  if (entry.kind === 'mailed') return `A transcript is on its way to ${entry.to}, as ${who} asked.`;
  const said = `${who} rated this chat ${entry.score} of 5: ${ratingWords[entry.score].toLowerCase()}.`;
  return entry.comment ? `${said} “${entry.comment}”` : said;
}
