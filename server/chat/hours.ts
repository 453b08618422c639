import { datesOf, type Hours, type Range, rangesOf, weekdays } from '#contract/hours.ts';

const minute = 60_000;
const day = 1440 * minute;
/** How far (days) the next opening is looked for: a year and a closed week. */
const farthest = 373;

/** One formatter a zone: making one costs a hundred times what asking it does. */
const clocks = new Map<string, Intl.DateTimeFormat>();
function clockOf(zone: string): Intl.DateTimeFormat {
  let clock = clocks.get(zone);
  if (!clock) {
    clock = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
    clocks.set(zone, clock);
  }
  return clock;
}

/** What the wall clock of a zone shows at an instant (ms), as if that were UTC (ms), to the minute. */
function wallAt(zone: string, at: number): number {
  const shown = Object.fromEntries(
    clockOf(zone)
      .formatToParts(at)
      .map((p) => [p.type, Number(p.value)]),
  );
  const { year = 0, month = 1, day: date = 1, hour = 0, minute: minutes = 0 } = shown;
  return Date.UTC(year, month - 1, date, hour, minutes);
}

/** Ranges of the day whose midnight this is on the wall, none on a closed date. */
function rangesOn(hours: Hours, closed: readonly string[], midnight: number): readonly Range[] {
  const date = new Date(midnight);
  if (closed.includes(date.toISOString().slice(0, 10))) return [];
  const name = weekdays[(date.getUTCDay() + 6) % 7];
  return (name && rangesOf(hours.days[name])) ?? [];
}

function isOpen(hours: Hours, closed: readonly string[], at: number): boolean {
  const wall = wallAt(hours.zone, at);
  const midnight = Math.floor(wall / day) * day;
  const now = (wall - midnight) / minute;
  return rangesOn(hours, closed, midnight).some(([from, until]) => from <= now && now < until);
}

/** Every instant (ms) at which the wall could begin to show an open time on one day: starts of ranges, and a changed clock. */
function startsOn(hours: Hours, closed: readonly string[], midnight: number): number[] {
  const ranges = rangesOn(hours, closed, midnight);
  if (ranges.length === 0) return [];
  const { zone } = hours;
  const offset = (at: number): number => wallAt(zone, at) - at;
  // No zone is farther than 14 h from UTC, so that both offsets of the day are seen a day before and after.
  const [before, after] = [offset(midnight - day), offset(midnight + 2 * day)];
  const starts = ranges.flatMap(([from]) => [before, after].map((o) => midnight + from * minute - o));
  if (before === after) return starts;
  let [low, high] = [midnight - day, midnight + 2 * day];
  while (high - low > minute) {
    const middle = Math.floor((low + high) / 2 / minute) * minute;
    if (offset(middle) === before) low = middle;
    else high = middle;
  }
  // The change belongs to the day the wall shows by then.
  return Math.floor(wallAt(zone, high) / day) * day === midnight ? [...starts, high] : starts;
}

/**
 * Whether a brand is open at `now`, and else when it opens next, by the wall clock of its own zone (R62): a clock that is put
 * forward or back moves the instant and never the words on the door. Without `next` it does not open within a year.
 */
export function openAt(hours: Hours, now: Date): { open: true } | { open: false; next?: Date } {
  const closed = datesOf(hours.closed) ?? [];
  const at = now.getTime();
  if (!hours.on || isOpen(hours, closed, at)) return { open: true };
  const today = Math.floor(wallAt(hours.zone, at) / day) * day;
  for (let n = 0; n < farthest; n++) {
    const starts = startsOn(hours, closed, today + n * day)
      .filter((start) => start > at && isOpen(hours, closed, start))
      .sort((a, b) => a - b);
    if (starts[0] !== undefined) return { open: false, next: new Date(starts[0]) };
  }
  return { open: false };
}
