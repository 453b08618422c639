/**
 * Why a partner call or a handler gave up: the partner answered with an error status; its answer had another form than
 * `returns`; it refused this record inside a success (PARTNERS.md 7.5); or it holds no record of this person yet.
 */
export const partnerErrorReasons = ['status', 'form', 'record', 'unknown-person'] as const;
/** One word of that list. */
export type PartnerErrorReason = (typeof partnerErrorReasons)[number];

/** What `partner` calls reject with. Holds a word of ours and the HTTP status (0: none), never the partner's text. */
export class PartnerError extends Error {
  readonly reason: PartnerErrorReason;
  readonly status: number;
  constructor(reason: PartnerErrorReason, status = 0) {
    super(`partner: ${reason} ${status}`);
    this.name = 'PartnerError';
    this.reason = reason;
    this.status = status;
  }
}

/** True for a PartnerError of either side of the sandbox wall, where classes are not shared. */
export const isPartnerError = (error: unknown): error is PartnerError =>
  error instanceof Error && error.name === 'PartnerError' && 'reason' in error && 'status' in error;
