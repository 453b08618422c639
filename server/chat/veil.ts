import type { Entry } from '#contract/chat.ts';
import { contactFields, type Field } from '#contract/visitor.ts';
import { inlandNumber } from '../consent/addresses.ts';
import { brandOf } from '../store/chats.ts';
import { closureOf, everyoneIn } from '../store/closure.ts';
import type { Tx } from '../store/open.ts';
import { readable } from '../store/readable.ts';
import { type SubjectKeys, valuesOf } from '../store/subjects.ts';

/*
 * E-mail and phone of a person are no part of what a reader gets whose role does not read them (R51). Whatever an answer
 * holds goes through here: the fact, and the same address in a message, a note, a title or a partner's card. What the hub
 * does not know as this person's own stays as it was written (a guess: R51 is silent on free text, and an agent has to be
 * able to read a number the visitor wants to be called at by somebody else).
 */

/** An address or number of a person, and a text without it; made by `contactOf` alone, which compiles its spellings once. */
export type Contact = { readonly field: Field; readonly value: string; readonly hiddenIn: (text: string) => string };
/** What is hidden of one person: every address and number that stands as theirs now. */
export type Contacts = readonly Contact[];

const isContact = (field: unknown): boolean => (contactFields as readonly unknown[]).includes(field);

const digits = (text: string): string => text.normalize('NFKC').replace(/\D/g, ''); // also of full width
/** Two spellings of a number share these many digits at its end, whatever is dialled before them. */
const tail = 7;

const hiddenPhone = (value: string): string =>
  digits(value).length < tail ? '•••• •••' : `•••• ••• ${digits(value).slice(-3)}`;
const hiddenAddress = (value: string): string => `${/^[a-z0-9]/i.exec(value)?.[0] ?? ''}•••@•••`;

/** What stands in place of a value: enough to tell two apart when read aloud, too little to use. */
const hiddenValue = (field: Field, value: string): string =>
  field === 'phone' ? hiddenPhone(value) : hiddenAddress(value);

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const numbers = /[+＋]?[\d０-９](?:[\s()./‐-―-]{0,3}[\d０-９]){4,}/g;
const addresses = /[^\s<>()",;:@]+@[^\s<>()",;:@]+\.[^\s<>()",;:@]+/g;

/** True for two spellings of one number; a short one has to be the same digit by digit. */
const sameNumber = (value: string, run: string): boolean => {
  const number = digits(value);
  return number.length < tail ? digits(run) === number : digits(run).includes(number.slice(-tail));
};

/** Without the zeros that are dialled before a number at home or from abroad. */
const dialled = (text: string): string => digits(text).replace(/^0+/, '');

/** True for a number written whole, with its country code or without: one digit less would be found by ten guesses. */
function isWholeNumber(word: string, value: string): boolean {
  const theirs = dialled(word);
  return theirs.length >= tail && (theirs === dialled(value) || theirs === inlandNumber(value));
}

/** True for a word that is one of these contacts as a whole: whoever writes it knows it already. */
export const isWhole = (word: string, contacts: Contacts): boolean =>
  contacts.some(({ field, value }) => (field === 'phone' ? isWholeNumber(word, value) : value.toLowerCase() === word));

/** True where one of the words could be an address or a number: whoever tries many of them guesses. */
export const namesContact = (words: string): boolean =>
  words.split(/\s+/).some((word) => word.includes('@') || digits(word).length >= tail);

/** An address as it is written, as it stands in a web address, and in one that was put together by hand. */
const spellingsOf = (value: string): RegExp =>
  new RegExp([value, encodeURIComponent(value), value.replace('@', '%40')].map(escaped).join('|'), 'gi');

/** A contact that is hidden by its field: a number in whatever gaps it was written, anything else as an address. */
export function contactOf(field: Field, value: string): Contact {
  const said = hiddenValue(field, value);
  if (field === 'phone')
    return { field, value, hiddenIn: (text) => text.replace(numbers, (run) => (sameNumber(value, run) ? said : run)) };
  const spelled = spellingsOf(value);
  return { field, value, hiddenIn: (text) => text.replace(spelled, () => said) };
}

/** A text without what is hidden of a person, in whatever case or with whatever gaps it was written. */
export const hide = (text: string, contacts: Contacts): string =>
  contacts.reduce((rest, { hiddenIn }) => hiddenIn(rest), text);

type Deps = { keys: Pick<SubjectKeys, 'of'> };

/** All that is hidden of the person of a chat; of a value that cannot be read nothing can be known in a text (R16). */
function contactsOf(d: Deps, read: Pick<Tx, 'hot'>, chat: { brandId: string; conversationId: string }): Contacts {
  const row = read
    .hot('select subject_id from conversation where id = ? and brand_id = ?')
    .get(chat.conversationId, chat.brandId);
  if (!row) return [];
  const { brandId } = chat;
  return everyoneIn(closureOf(read, brandId, row.subject_id as string)).flatMap((id) => {
    const values = readable(() => valuesOf(read, d.keys.of(read, brandId, id), brandId, id)) ?? [];
    return values.flatMap((v) => {
      const value = isContact(v.field) ? readable(() => v.value) : undefined;
      return value ? [contactOf(v.field, value)] : [];
    });
  });
}

/** What is hidden of the person of a chat; undefined where the reader may read all. */
export type ContactsOfChat = (conversation: string) => Contacts | undefined;

/** Names of ours and points in time: no words, and never a person's. */
const plain = new Set(['conversation', 'brand', 'id', 'clientId', 'file', 'share', 'integration', 'kind', 'field']);
const isTime = (text: string): boolean => /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text);

type Node = Record<string, unknown>;

/** One object of an answer; a contact that stands as such is hidden by its field, even one the hub does not know. */
function veiledNode(node: Node, of: ContactsOfChat, contacts: Contacts, inCard: boolean): Node {
  const veiled = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      plain.has(key) ? value : walk(value, of, contacts, inCard || key === 'cards'),
    ]),
  );
  if (isContact(node.field) && typeof node.value === 'string')
    return { ...veiled, value: hiddenValue(node.field as Field, node.value), hidden: true };
  if (node.kind === 'mailed') return { ...veiled, to: hiddenAddress(node.to as string) };
  return veiled;
}

function walk(value: unknown, of: ContactsOfChat, contacts: Contacts | undefined, inCard = false): unknown {
  if (typeof value === 'string') {
    if (!contacts || isTime(value)) return value;
    const rest = hide(value, contacts);
    // A partner may know an address of the person that the hub does not: on its card none is shown.
    return inCard ? rest.replace(addresses, hiddenAddress) : rest;
  }
  if (Array.isArray(value)) return value.map((v) => walk(v, of, contacts, inCard));
  if (typeof value !== 'object' || value === null) return value;
  const node = value as Node;
  const own = typeof node.conversation === 'string' ? of(node.conversation) : contacts;
  if (own) return veiledNode(node, of, own, inCard);
  return Object.fromEntries(Object.entries(node).map(([key, v]) => [key, walk(v, of, own)]));
}

/**
 * An answer as JSON without the contacts of the people it is about: an object that names its `conversation` is about that
 * chat's person, all else about the one of `at`.
 */
export const veil = <T>(answer: T, of: ContactsOfChat, at?: string): T =>
  walk(answer, of, at === undefined ? undefined : of(at)) as T;

/** For one answer: what is hidden of each chat from a reader who may read contacts in some brands only, looked up once. */
export function contactsFor(d: Deps, read: Pick<Tx, 'hot'>, mayRead: (brandId: string) => boolean): ContactsOfChat {
  const known = new Map<string, Contacts | undefined>();
  return (conversationId) => {
    if (!known.has(conversationId)) {
      const brandId = brandOf(read, 'conversation', conversationId);
      const all = brandId === undefined || mayRead(brandId);
      known.set(conversationId, all ? undefined : contactsOf(d, read, { brandId, conversationId }));
    }
    return known.get(conversationId);
  };
}

const veiledEntries = new WeakMap<Entry, Entry>();

/** A line of a chat without its person's contacts, made once however many read it: a stream writes each line out once. */
export function veiledEntry<E extends Entry>(d: Deps, read: Pick<Tx, 'hot'>, brandId: string, entry: E): E {
  const known = veiledEntries.get(entry) as E | undefined;
  if (known) return known;
  const contacts = contactsOf(d, read, { brandId, conversationId: entry.conversation });
  const veiled = veil(entry, () => contacts);
  veiledEntries.set(entry, veiled);
  return veiled;
}
