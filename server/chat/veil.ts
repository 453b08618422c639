import type { Entry } from '#contract/chat.ts';
import { contactFields, type Field } from '#contract/visitor.ts';
import { brandOf } from '../store/chats.ts';
import { closureOf, everyoneIn } from '../store/closure.ts';
import type { Tx } from '../store/open.ts';
import { readable } from '../store/readable.ts';
import { type SubjectKeys, valuesOf } from '../store/subjects.ts';
import { type Contacts, contactOf, hiddenAddress, hiddenValue, hide } from './hide.ts';

/*
 * E-mail and phone of a person are no part of what a reader gets whose role does not read them (R51). Whatever an answer
 * holds goes through here: the fact, and the same address in a message, a note, a title or a partner's card. What the hub
 * does not know as this person's own stays as it was written (a guess: R51 is silent on free text, and an agent has to be
 * able to read a number the visitor wants to be called at by somebody else).
 */

const isContact = (field: unknown): boolean => (contactFields as readonly unknown[]).includes(field);
const addresses = /[^\s<>()",;:@]+@[^\s<>()",;:@]+\.[^\s<>()",;:@]+/g;

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
