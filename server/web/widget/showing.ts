import type { OnPage, Rule } from '#contract/showing.ts';
import { whenMoved } from './where.ts';

/** What a rule is held against: this page in this browser, now. Nothing of it is kept or sent (R57, R61). */
export interface Here {
  /** Path of the page's address, without what stands behind it. */
  path: string;
  /** Since the script began. */
  seconds: number;
  wide: boolean;
}

/** What stands on the page beside nothing else: the button or not, and one line or none. */
export interface Shown {
  button: boolean;
  line?: string;
}

/** What a broken rule comes to, and what everybody who opted out sees (R61). */
const plain: Shown = { button: true };

/** The words a rule may hold; with any other it is broken, so that a condition nobody knows is never passed over. */
const known = ['starts', 'contains', 'never', 'seconds', 'screen'];

/** Whether every condition holds. Throws for what is no rule. */
function holds(rule: Rule, { path, seconds, wide }: Here): boolean {
  const { starts, contains, never, screen } = rule;
  const places = [...starts, ...contains, ...never];
  const sound =
    Object.keys(rule).every((word) => known.includes(word)) &&
    places.every((place) => typeof place === 'string') &&
    ['any', 'wide', 'narrow'].includes(screen) &&
    typeof rule.seconds === 'number';
  if (!sound) throw new TypeError('no rule');
  const here =
    starts.length + contains.length === 0 ||
    starts.some((place) => path.startsWith(place)) ||
    contains.some((place) => path.includes(place));
  return (
    here &&
    !never.some((place) => path.startsWith(place)) &&
    seconds >= rule.seconds &&
    (screen === 'any' || wide === (screen === 'wide'))
  );
}

/** What shows on this page now. Whatever is wrong with the rules, the plain button does (R61). */
export function whatShows(given: Partial<OnPage>, here: Here, optedOut: boolean): Shown {
  if (optedOut) return plain;
  const of = given as OnPage; // whatever else it is ends below
  try {
    if (!holds(of.button, here)) return { button: false };
    const line = of.offers.find(({ when }) => holds(when, here))?.text ?? of.greeting;
    return line && typeof line === 'string' ? { button: true, line } : plain;
  } catch {
    return plain;
  }
}

/** Whether this browser asks not to share: GPC always, Do Not Track where the brand says that it counts (GATE.md h). */
export const asksNotToShare = (
  of: Partial<OnPage>,
  browser: { globalPrivacyControl?: unknown; doNotTrack?: unknown },
): boolean => browser.globalPrivacyControl === true || (of.dnt === true && browser.doNotTrack === '1');

/** What the hub put before the script, on the script's own element; nothing for the line of code without `?brand=`. */
export function onPageOf(script: object): Partial<OnPage> {
  const { askfirst } = script as { askfirst?: unknown };
  return typeof askfirst === 'object' && askfirst !== null ? (askfirst as Partial<OnPage>) : {};
}

/** Calls `act` now and whenever a rule may hold otherwise: another page without a load, another width, time that passed. */
export function watch(given: Partial<OnPage>, act: (here: Here) => void): void {
  const began = performance.now();
  const wide = matchMedia('(min-width: 640px)');
  const look = () => {
    let path = location.pathname;
    try {
      path = decodeURI(path);
    } catch {
      // an address nobody can read is compared as it stands
    }
    act({ path, seconds: (performance.now() - began) / 1000, wide: wide.matches });
  };
  look();
  try {
    const of = given as OnPage;
    const rules = [of.button, ...of.offers.map(({ when }) => when)];
    // A little later than asked: a timer may come a moment early.
    for (const seconds of new Set(rules.map((rule) => rule.seconds)))
      if (seconds > 0) setTimeout(look, seconds * 1000 + 20);
    wide.addEventListener('change', look);
    if (rules.some(({ starts, contains, never }) => [...starts, ...contains, ...never].length > 0)) whenMoved(look);
  } catch {
    // no rules to wait for: the plain button stands
  }
}
