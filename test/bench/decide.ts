import { decideShare, type ShareField, type Snapshot, strictSettings } from '../../server/gate/decide.ts';
import { project } from '../../server/gate/project.ts';
import { type BenchRow, quantile, row } from './row.ts';

const granted: Snapshot = {
  connection: 'active',
  erased: false,
  purposeDeclared: true,
  recipientDocumented: true,
  basis: 'consent',
  legalCitation: false,
  sale: false,
  role: 'third_party',
  restricted: false,
  objected: false,
  state: 'granted',
  by: 'self',
  explicit: true,
  versionOk: true,
  scopeOk: true,
  age: 'adult',
  special: false,
  signal: false,
  grantAfterSignalSpecific: false,
  regime: 'opt_in',
  noticeServed: true,
  settings: strictSettings,
};
const fields: ShareField[] = [
  { field: 'email', need: true, snapshot: granted },
  { field: 'name', need: false, snapshot: granted },
  { field: 'company', need: false, snapshot: { ...granted, versionOk: false } },
  // The longest way: a rule at the very end of the table answers.
  { field: 'phone', need: false, snapshot: { ...granted, state: 'none', regime: 'opt_out' } },
];
const values = { email: 'ada@example.com', name: 'Ada Brandt', company: 'Brandt & Co', phone: '+4512345678' };

/** p50 and p99 in microseconds of `calls` timed one by one, after a warm-up; the timer's own cost is part of it. */
function timed(call: () => object, calls: number): { p50: number; p99: number } {
  let kept = 0;
  for (let i = 0; i < calls / 10; i++) kept += Object.keys(call()).length;
  const samples = new Float64Array(calls);
  for (let i = 0; i < calls; i++) {
    const start = process.hrtime.bigint();
    kept += Object.keys(call()).length;
    samples[i] = Number(process.hrtime.bigint() - start) / 1000;
  }
  // Two of the four fields leave: anything else would measure another decision.
  if (kept !== 2 * Math.floor(calls * 1.1)) throw new Error('the decision under measurement is not the one expected');
  return { p50: quantile(samples, 0.5), p99: quantile(samples, 0.99) };
}

/**
 * DESIGN.md 7, first row: decision and projection of a share of four fields, in process, over loaded snapshots. The
 * limit beside it is the bare copy of the two fields that leave, frozen.
 */
export function benchDecide({ calls = 200_000 } = {}): BenchRow[] {
  const limit = timed(() => Object.freeze({ email: values.email, name: values.name }), calls);
  const ours = timed(() => project(values, decideShare(fields)), calls);
  return [
    row('decision + projection, p50', 'µs', ours.p50, limit.p50),
    row('decision + projection, p99', 'µs', ours.p99, limit.p99, 'under 50 µs', (value) => value < 50),
  ];
}
