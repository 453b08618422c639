import * as z from 'zod/mini';
import { chatSetting } from './chat-setting.ts';

/** What a brand may ask before a chat, in the order of the form. */
export const askedFields = ['name', 'email', 'phone'] as const;
/** One of them. */
export type AskedField = (typeof askedFields)[number];

/** One line of the brand's own, or nothing. */
const line = (max: number) => z.string().check(z.trim(), z.maxLength(max), z.regex(/^\P{Cc}*$/u));

/** An address of a page, or nothing: http and https alone, so that no link opens anything else (SECURITY.md 4.8). */
const link = z.string().check(
  z.trim(),
  z.maxLength(500),
  z.refine((text) => text === '' || (/^https?:\/\/[^\s]+$/i.test(text) && URL.canParse(text))),
);

/** Shown and may stay empty, shown and needed, or not shown; `help` stands under its label. */
const asked = z.strictObject({ ask: z.enum(['optional', 'needed', 'off']), help: line(120) });

const schema = z.strictObject({
  greeting: line(200),
  name: asked,
  email: asked,
  phone: asked,
  terms: link,
  privacy: link,
});

/** The form before a chat, as a brand sets it. */
export type ChatForm = z.infer<typeof schema>;

/**
 * The form before a chat (R58). Its schema knows fields, help and links, and no box to tick: a chat cannot be made to
 * depend on a yes to anything (R19).
 */
export const chatForm = chatSetting({
  name: 'form',
  schema,
  standard: {
    greeting: '',
    name: { ask: 'optional', help: '' },
    email: { ask: 'optional', help: '' },
    phone: { ask: 'optional', help: '' },
    terms: '',
    privacy: '',
  },
});
