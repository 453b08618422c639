/** One line of what `npm run doctor` says: whether it is well, and the one sentence that says so or names the fix. */
export interface Finding {
  /** `unknown`: it cannot be told from here, and the sentence says how it can. */
  mark: 'ok' | 'fix' | 'unknown';
  name: string;
  says: string;
}

/** All is well. */
export const ok = (name: string, says: string): Finding => ({ mark: 'ok', name, says });
/** Something must be done, and `says` names it. */
export const fix = (name: string, says: string): Finding => ({ mark: 'fix', name, says });
/** Cannot be told from here. */
export const unknown = (name: string, says: string): Finding => ({ mark: 'unknown', name, says });
