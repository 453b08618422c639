import type { AskedField } from '#contract/chat-form.ts';

export type { AskedField };

/** What a brand may ask, in the order of the form; the contract's own list stands beside a schema no page needs. */
export const askedFields: readonly AskedField[] = ['name', 'email', 'phone'];
