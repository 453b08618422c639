import { Problem } from '#contract/problem.ts';

/** True where SQLite itself failed: disk full, locked, read-only. */
export const storeFailed = (error: unknown): boolean =>
  (error as { code?: string } | null)?.code === 'ERR_SQLITE_ERROR';

/** True for an error that says a record is missing or damaged: no fault of the caller's, and no store that failed. */
export const isUnreadable = (error: unknown): boolean =>
  !(error instanceof Problem && error.status < 500) && !storeFailed(error);

/**
 * What `read` returns, or undefined where a record is missing or damaged, for work that must go on without it (R16);
 * a problem of the caller's and a store that failed throw as ever.
 */
export function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (e) {
    if (!isUnreadable(e)) throw e;
    return undefined;
  }
}
