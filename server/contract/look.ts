import * as z from 'zod/mini';
import { chatSetting } from './chat-setting.ts';
import { type ActColours, actColours, type Hex, least, reaches, readHex } from './shade.ts';

/** A brand's own words in one line, or none. */
export const line = (max: number) => z.string().check(z.trim(), z.maxLength(max), z.regex(/^\P{Cc}*$/u));

const schema = z.strictObject({
  /** The acting colour in the light look, empty for the hub's own; the rest is derived from it (shade.ts). */
  colour: z.string().check(z.refine((c) => c === '' || (readHex(c) === c && reaches(c as Hex) >= least))),
  side: z.enum(['right', 'left']),
  /** On the button; empty for "Chat with …". */
  text: line(40),
  /** Beside the button; empty for none. */
  greeting: line(120),
});

/** How a brand's chat looks on its pages (UI.md 2). */
export type Look = z.infer<typeof schema>;

/** The group `look`. */
export const look = chatSetting({
  name: 'look',
  schema,
  standard: { colour: '', side: 'right', text: '', greeting: '' },
});

/** Both looks of a brand's colour; undefined where it has none of its own. */
export const coloursOf = ({ colour }: Look): Record<'light' | 'dark', ActColours> | undefined =>
  colour === '' ? undefined : actColours(colour as Hex);
