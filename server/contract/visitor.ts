/** Class of a field: what kind of fact it is about a person (REQUIREMENTS.md "Words"). */
export type FieldClass = 'identity' | 'contact' | 'behaviour' | 'content' | 'sensitive';

/** What the hub knows about a field itself, never about a person. */
export interface FieldFacts {
  class: FieldClass;
  /** Lower-case noun as it stands in a sentence: "your e-mail", "E-mail" at the start of a row. */
  label: string;
  /** Free text may hold anything, so it is a share of its own (GATE.md e.1.3). */
  freeText: boolean;
}

/** Every field the hub may know of a visitor. A field that is not here can be neither stored, declared nor sent (R13). */
export const visitorFields = {
  name: { class: 'identity', label: 'name', freeText: false },
  email: { class: 'contact', label: 'e-mail', freeText: false },
  phone: { class: 'contact', label: 'phone', freeText: false },
  company: { class: 'identity', label: 'company', freeText: false },
  transcript: { class: 'content', label: 'transcript', freeText: true },
} as const satisfies Record<string, FieldFacts>;

/** The name of a visitor field. */
export type Field = keyof typeof visitorFields;

/** Every field name, in the order in which people read them. */
export const fieldNames = Object.freeze(Object.keys(visitorFields)) as readonly Field[];

/** The ways to reach a person: agents read them for a reason only (R51). */
export const contactFields = ['email', 'phone'] as const satisfies readonly Field[];
/** One of them. */
export type ContactField = (typeof contactFields)[number];

/** Characters a value of the chat's form may have, wherever it is taken. */
export const longestValue = { name: 120, email: 254, phone: 40 } as const satisfies Partial<Record<Field, number>>;

/** What the source of a value begins with that came with a sign-in of the person's own; the connection's id follows. */
export const fromLogin = 'login:';
/** What the source of a value begins with that a partner supplied; the connection's id follows (GATE.md j, `value`). */
export const fromPartner = 'partner:';

/** True when `name` is a field the hub may know; anything else is refused at every edge (R13). */
export const isField = (name: string): name is Field => Object.hasOwn(visitorFields, name);
