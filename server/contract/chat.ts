import type { Mark, Purpose, Reason, RuleId } from './consent.ts';
import type { FileType } from './file.ts';
import type { Keyword, StopWord } from './keyword.ts';
import type { NoticeFacts } from './notice.ts';
import type { Objection } from './settings.ts';
import type { Score } from './survey.ts';
import type { Marks, VisitFact } from './visit.ts';
import type { ContactField, Field } from './visitor.ts';

/**
 * One line of a conversation. `seq` is the stream's id (Last-Event-ID) and orders everything; `n` counts within the
 * conversation without a gap (SECURITY.md P1). What only agents see counts apart, from -1 downwards, so that nothing a
 * visitor reads tells that it is there. Times are ISO 8601 in UTC.
 */
export type Entry = { seq: number; n: number; conversation: string; at: string } & EntryBody;

/** An agent as colleagues meet one: the user id, and the name that visitors read. */
export interface Agent {
  id: string;
  name: string;
}

/** Why a chat changed hands: pressed Take, wrote first, was handed on, routing gave it, went away, or left the brand. */
export type AssignReason = 'taken' | 'replied' | 'transferred' | 'routed' | 'away' | 'left';

/** Kinds of numbers that are taken out of messages for good: payment cards, bank accounts, social security (R52). */
export type MaskedKind = 'card' | 'bank' | 'social';

/** True for a line that no visitor and no partner ever gets: a note, a change of tags or of the holder (R66). */
export const isForAgents = ({ n }: Pick<Entry, 'n'>): boolean => n < 0;

/** Something that visitor or agent said: words or a file. Whatever counts messages counts both. */
export const isSaid = (entry: Entry): entry is Entry & { kind: 'message' | 'file' } =>
  entry.kind === 'message' || entry.kind === 'file';

/** True while a chat is over: it was ended, and nobody wrote since. */
export const isOver = (entries: readonly Entry[]): boolean =>
  entries.findLast((e) => e.kind === 'ended' || isSaid(e))?.kind === 'ended';

/** How long a chat may be opened again after its end, and its visitor's token is good (SECURITY.md 4.8); milliseconds. */
export const afterEndMs = 86_400_000;

/** True once a chat is over for good: its visitor would read nothing more, so nothing more may be said in it. */
export const isPast = (entries: readonly Entry[], now: number): boolean => {
  const last = entries.findLast((e) => e.kind === 'ended' || isSaid(e));
  return last?.kind === 'ended' && now > Date.parse(last.at) + afterEndMs;
};

/** What a line can be. Messages, files, notes, tags, ratings and mailings carry personal values; no other kind does. */
export type EntryBody =
  | {
      kind: 'message';
      author: 'visitor' | 'agent';
      by: string;
      text: string;
      clientId: string;
      /** Numbers that were taken out before it was written; dots stand in their place (R52). */
      masked?: MaskedKind[];
    }
  /** A file of the chat, had by a link of its own from the files' host (R62); no partner ever gets it or its name. */
  | {
      kind: 'file';
      author: 'visitor' | 'agent';
      by: string;
      /** Names the file; nobody can guess it. */
      file: string;
      name: string;
      type: FileType;
      /** Its size. */
      bytes: number;
      clientId: string;
    }
  /** What one agent tells the others about this chat (R66). */
  | { kind: 'note'; by: string; text: string; clientId: string; masked?: MaskedKind[] }
  /** An agent added a tag or took it away; `tags` is what the chat has since then, in the order they were added (R66). */
  | { kind: 'tagged'; by: string; tag: string; on: boolean; tags: string[] }
  /** The hub's one answer to a message that was nothing but a stop word, START or HELP; `wrote` is the stop word (R45). */
  | { kind: 'keyword'; word: Keyword; wrote?: StopWord }
  /** Who holds the chat changed: routing did it where `by` is absent, it waits in the queue where `to` is (R66). */
  | { kind: 'assigned'; by?: Agent; to?: Agent; from?: Agent; reason: AssignReason }
  | { kind: 'asked'; integration: string; partner: string; purpose: Purpose; by: string; receives?: true }
  | {
      kind: 'answered';
      integration: string;
      partner: string;
      purpose: Purpose;
      yes: Field[];
      no: Field[];
      later: boolean;
      /** Who answered, where it was not the visitor. */
      by?: 'guardian' | 'authorised_agent' | 'agent_attested';
      /** It was about adding what the partner knows to the brand's record, not about what the partner gets (R22). */
      receives?: true;
    }
  /** The chat is over; a message of either side within a day opens it again. `name` is what visitors read of an agent. */
  | { kind: 'ended'; by: 'agent' | 'visitor'; name?: string }
  /** What the visitor said about the chat after it, once (R59). */
  | { kind: 'rated'; score: Score; comment: string; masked?: MaskedKind[] }
  /** A transcript was put on its way; the address is the visitor's and is sealed as words are (R60). */
  | { kind: 'mailed'; to: string; clientId: string }
  /**
   * A partner was turned off: for `purposes` alone where it is off for some of its uses and not for the others; `noYes`
   * where no yes stood that it could have taken back.
   */
  | {
      kind: 'withdrawn';
      integration: string;
      partner: string;
      purposes?: Purpose[];
      noYes?: true;
      alreadyOut: number;
      stopped: number;
    }
  /** The person stopped every use, or profiling; or took that back (R26). */
  | { kind: 'objected'; what: Objection; on: boolean; alreadyOut: number; stopped: number }
  /** Found under age by an agent (`by`), or by the person's own word; or the flag was cleared (R27). */
  | { kind: 'under_age'; on: boolean; by?: string; alreadyOut: number; stopped: number }
  | {
      kind: 'share';
      share: string;
      integration: string;
      partner: string;
      purpose: Purpose;
      /** waiting: queued or to be tried again; withheld: stopped by the gate; failed: no byte left or nobody will retry. */
      state: 'waiting' | 'sent' | 'withheld' | 'failed' | 'unknown';
      fields: Field[];
      withheld: { field: Field; rule: RuleId; reason: Reason }[];
      /** One plain sentence where something went wrong; never a partner's own words. */
      cause?: string;
      /** Why there is nothing to draw on the partner's card: no answer in time, or one that cannot be read (R69, R70). */
      why?: 'slow' | 'unreadable';
    };

/** Words of the brand that an agent finds by "/" and fills in; {{name}} and {{agent}} are put in then (R66, R72). */
export interface CannedReply {
  id: string;
  name: string;
  text: string;
}

/** What an agent gets for all their brands at once, each with the id of the one it is of and is used in (R64). */
export type OfBrand<T> = T & { brand: string };

/** One row of the agent's queue. */
export interface QueueRow {
  conversation: string;
  /** Id of its brand, one of the queue's (R64). */
  brand: string;
  number: number;
  /** The visitor's name, or "Visitor 7F2C" where none was given. */
  title: string;
  lastLine: string;
  lastAt: string;
  lastSeq: number;
  /** Visitor messages that no agent had on screen yet (R62). */
  unread: number;
  /** `seq` of the newest of them; absent where there is none. It only grows, where a count may fall and rise unseen (R74). */
  unreadSeq?: number;
  /** Short words of the agents' own, at most 20, in the order they were added (R66). */
  tags: readonly string[];
  /** Who holds it; absent where it waits for somebody. */
  assignee?: Agent;
  /** `seq` of the line by which a colleague or routing gave it to whoever reads this, until an agent has written since: told once (R74). */
  given?: number;
  /** It was begun while the brand was away (R62). */
  leftOffline?: true;
}

/** One cell of the consent strip: one partner and what this person said (R68). Agents can ask, never flip. */
export interface StripCell {
  integration: string;
  partner: string;
  sandbox: boolean;
  mark: Mark;
  /** yes, no, waiting ("Asked"), put off ("Not now"), open ("Not asked"). */
  state: 'yes' | 'no' | 'asked' | 'later' | 'open' | 'off';
  /** When the last answer or question was stored; absent where nothing was. */
  since?: string;
  /** Purposes this partner declares, each with its own answer and whether the agent may ask now (R68: not after a no). */
  purposes: {
    purpose: Purpose;
    because: string;
    fields: Field[];
    state: 'yes' | 'no' | 'asked' | 'later' | 'open';
    mayAsk: boolean;
    /** About adding what comes back: there is nothing to send (R22). */
    receives?: true;
  }[];
}

/** A fact about the person with its source; `value` is absent where the hub does not know ("unknown"). */
export interface Fact {
  field: Field;
  label: string;
  value?: string;
  source?: string;
  /** Dots stand in place of the value, since the reader's role does not read it: it can be revealed, for a reason (R51). */
  hidden?: true;
  /** The partner it came from; then it is shown with name and date (R22). */
  partner?: string;
  at?: string;
}

/** A partner's card, drawn by us from text only. */
export interface Card {
  integration: string;
  partner: string;
  sandbox: boolean;
  /** `field`: what it is of the person, where the partner gave it as such (R22). */
  rows: { label: string; value: string; field?: Field }[];
  /** Words the add-on offers for the reply; put in by the agent's own press (R72). */
  drafts?: { label: string; text: string }[];
  /** When the partner gave this. */
  at?: string;
  /** Why the card is empty, as a gate reason or a state of our own. */
  empty?: Reason | 'not_sent' | 'not_asked' | 'not_now';
  /** The partner turned our key down; `told`: who was mailed about it, by name, nobody yet in the first moment (R5, R7). */
  reconnect?: { told: string[] };
}

/** An agent read a contact for a reason (R51). */
export interface Revealed {
  by: string;
  field: ContactField;
  reason: string;
  at: string;
}

/** Everything the panel shows of one conversation. `lastSeq` is where its stream goes on. */
export interface ConversationView {
  conversation: string;
  /** Id of its brand. */
  brand: string;
  number: number;
  title: string;
  /** The brand's page signed who this is (R28): answers are the person's own, on every device. */
  signedIn: boolean;
  facts: Fact[];
  visit: VisitFact[];
  /** Before this chat the visitor was told that chats are recorded, and did not say yes (R63). */
  notRecorded?: true;
  marks: Marks;
  /** Found under age since then, so that nothing is shared; `mayClear`: this reader may take the flag away (R27). */
  underAge?: { since: string; mayClear: boolean };
  strip: StripCell[];
  cards: Card[];
  entries: Entry[];
  lastSeq: number;
  /** Who revealed a contact of this person, for a reader who reads contacts anyway (R51). */
  revealed?: Revealed[];
  /** Where a send stands as a row of the ledger, for a reader who may read that (R31). */
  ledger?: string;
}

/** What would leave if the agent pressed send now: the same decision the claim makes, without a row (R71). */
export interface Preview {
  integration: string;
  partner: string;
  sandbox: boolean;
  purpose: Purpose;
  because: string;
  /** Fields the partner needs and the hub does not know: with one of these nothing can be sent at all. */
  lacking: Field[];
  /** Sending to the partner is stopped: what is sent now waits (SECURITY.md control 8). */
  stopped?: true;
  rows: PreviewRow[];
}
/** A leaving row shows its value; a staying row the reason in its place (UI.md 7), or the partner the value came from. */
export type PreviewRow =
  | { field: Field; label: string; leaves: true; value: string; hidden?: true; rule: RuleId }
  | { field: Field; label: string; leaves: false; rule: RuleId; reason: Reason; saidNo: boolean; from?: string };

/** The question as the visitor reads it, with the nonce that makes one answer possible (GATE.md c). */
export interface Question {
  nonce: string;
  /** Why an earlier yes does not answer it: its words changed (D15), or these fields were never asked for (GATE.md k.1, k.2). */
  changed?: { words: true } | { fields: Field[] };
  /** The browser asks not to share: the question says so, and that a yes counts for this partner only (GATE.md h). */
  signal?: true;
  integration: string;
  partner: string;
  sandbox: boolean;
  /** Asks whether what the partner knows may be added to the brand's record; nothing would leave (R22). */
  receives?: true;
  /** The recipient uses AI (R30). */
  ai?: true;
  purpose: Purpose;
  /** "to find or create your contact record": the main reason, used in the head of the question. */
  because: string;
  /** The notice's own words about this partner and purpose: what was served is what is drawn (GATE.md a, g). */
  notice: string;
  /** BCP 47 tag of the notice's words; the rest of the question is in the page's language. */
  noticeLang?: string;
  /** What stands below words the brand wrote itself; absent where the words name it. */
  noticeFacts?: NoticeFacts;
  /** Legal name and countries of the recipient, for "HubSpot, Inc. (USA) keeps …". */
  recipient: { legalName: string; address: string; countries: string[]; retention: string; policy: string };
  fields: { field: Field; label: string; because: string; need: boolean; value?: string }[];
}
