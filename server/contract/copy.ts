import type { EntryBody } from './chat.ts';
import type { ConsentBy, ConsentType, Purpose } from './consent.ts';
import type { LedgerView } from './ledger.ts';
import type { RequestView } from './rights.ts';
import type { SeenPage } from './visit.ts';
import type { Field } from './visitor.ts';

/** Where a value of a person came from: they gave it, they took it from an account, or a partner or somebody else said it. */
export type CopySource = { by: 'you' } | { by: 'account' | 'partner' | 'other'; name: string };

/** One chat in a copy: everything its visitor may read of it, and what the hub noted of the visit. */
export interface CopyChat {
  number: number;
  openedAt: string;
  closedAt?: string;
  /** The answer to the notice before recording; absent where none was shown (R63). */
  recorded?: boolean;
  leftOffline: boolean;
  page?: SeenPage;
  trail: SeenPage[];
  device?: { words: string; at: string };
  lines: (EntryBody & { n: number; at: string })[];
  /** Files of the chat as they lie in the copy; `in` is absent where it was too large to put them there. */
  files: { n: number; name: string; type: string; bytes: number; in?: string }[];
}

/** One answer, or one question put. */
export interface CopyAnswer {
  at: string;
  partner: string;
  purpose: Purpose;
  event: ConsentType;
  /** What it covers; `asked` is what stood on the screen. */
  fields: Field[];
  asked: Field[];
  by: ConsentBy;
  method: string;
  regime: string;
  validUntil?: string;
  notice?: { version: number; href: string };
  /** The signed receipt (JWS), where there is one. */
  receipt?: string;
}

/** Whoever got something, or was asked about, as its data sheet says it now. */
export interface CopyRecipient {
  partner: string;
  sandbox: boolean;
  legalName: string;
  address: string;
  countries: string[];
  role: 'processor' | 'third_party';
  retention: string;
  policy: string;
  /** What it gave back of this person: its own record, and lines for the agent's card. */
  gave?: { at: string; record?: string; card: { label: string; value: string }[] };
}

/** Everything the hub keeps of one person at one brand, for that person (GDPR 15 and 20; GATE.md i; R39). */
export interface Copy {
  v: 1;
  madeAt: string;
  brand: { name: string; legalName: string; address: string; contact: string; page: string };
  profile: { field: Field; value: string; source: CopySource; at: string }[];
  /** What was said of the person, by themselves or others, beside answers. */
  said: { kind: string; value: string; by: string; at: string }[];
  /** Kinds of addresses the person is found by, and whether one is proved. */
  foundBy: { kind: string; verifiedAt?: string }[];
  /** Signals their browsers sent. */
  signals: { kind: string }[];
  chats: CopyChat[];
  answers: CopyAnswer[];
  recipients: CopyRecipient[];
  ledger: Omit<LedgerView, 'person'>[];
  requests: RequestView[];
}
