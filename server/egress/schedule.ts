const minute = 60_000;
const hour = 60 * minute;

/**
 * Milliseconds to wait before the second try and each after it; the first is made at once (SECURITY.md WH4). One
 * schedule for sends, webhooks and mail: after the last of them nobody tries again by itself, 27.6 hours on.
 */
export const retryMs = [
  5_000,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  10 * hour,
] as const satisfies number[];

/** Milliseconds until the try after `attempts` made; undefined when there is none left. */
export const waitAfter = (attempts: number): number | undefined => retryMs[attempts - 1];

/**
 * The same with jitter, so that what failed together is not tried together: four fifths to six fifths of it, by a number
 * from 0 up to 1. The width is our guess; WH4 says only "with jitter".
 */
export const jittered = (ms: number, random: number): number => Math.round(ms * (0.8 + random * 0.4));

/** A wait that doubles at each failure, up to a longest; milliseconds. */
interface Doubling {
  firstMs: number;
  longestMs: number;
}

/** Milliseconds to wait after so many failures in a row: nothing after none, then first, twice, four times that and on. */
export const doubled = (failures: number, { firstMs, longestMs }: Doubling): number =>
  failures === 0 ? 0 : Math.min(firstMs * 2 ** (failures - 1), longestMs);

/** The same, up to a half shorter by a number from 0 up to 1, so that what failed together is not tried together. */
export const backOff = (failures: number, wait: Doubling, random: number): number =>
  Math.ceil(doubled(failures, wait) * (0.5 + random / 2));
