import { appendRow, minuteOf } from '../egress/ledger.ts';
import type { Tx } from '../store/open.ts';

/** Writes the ledger row of a change by the brand itself (GATE.md f, `setting`): what was changed and what holds now. */
export const recordSetting = (
  tx: Tx,
  now: Date,
  brandId: string,
  change: { setting: string; integration: string; manifest: string },
): number => appendRow(tx, brandId, { v: 1, t: 'setting', ...change, minute: minuteOf(now) });
