import * as z from 'zod/mini';
import { chatSetting } from './chat-setting.ts';
import { line } from './look.ts';
import type { ActColours } from './shade.ts';

const place = z.string().check(z.minLength(1), z.maxLength(200), z.regex(/^[\P{Cc}]+$/u));
const path = z.string().check(z.startsWith('/'), z.maxLength(200), z.regex(/^\P{Cc}+$/u));

/** Conditions, all of which have to hold; data alone, nothing of it is ever run (SECURITY.md 4.8). */
const rule = z.strictObject({
  /** Beginnings of the page's path, and parts of it: one of them is enough, none at all means every page. */
  starts: z.array(path).check(z.maxLength(20)),
  contains: z.array(place).check(z.maxLength(20)),
  /** Beginnings of paths on which it never holds. */
  never: z.array(path).check(z.maxLength(20)),
  /** Seconds on the page before it holds. */
  seconds: z.int().check(z.gte(0), z.lte(3600)),
  /** wide: 640 px and more. */
  screen: z.enum(['any', 'wide', 'narrow']),
});
/** One rule for showing something. */
export type Rule = z.infer<typeof rule>;

/** Holds always. */
export const always: Rule = { starts: [], contains: [], never: [], seconds: 0, screen: 'any' };

/** How many offers a brand can have. */
export const mostOffers = 3;

const schema = z.strictObject({
  button: rule,
  /** The first whose rule holds is shown. */
  offers: z.array(z.strictObject({ text: line(120).check(z.minLength(1)), when: rule })).check(z.maxLength(mostOffers)),
});
/** When the button shows, and which line beside it (R61). */
export type Showing = z.infer<typeof schema>;

/** The group `showing`. */
export const showing = chatSetting({ name: 'showing', schema, standard: { button: always, offers: [] } });

/** What a brand decided, as it reaches the script on its pages with the script itself: no request, no identifier (R57). */
export interface OnPage extends Showing {
  side: 'right' | 'left';
  text: string;
  greeting: string;
  colours?: Record<'light' | 'dark', ActColours>;
  /** Do Not Track counts as Global Privacy Control here (GATE.md h). */
  dnt: boolean;
}
