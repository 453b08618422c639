import type { Entry } from '#contract/chat.ts';
import type { State } from './state.ts';

type Objected = Extract<Entry, { kind: 'objected' }>;

/**
 * Whether no rule of the brand may decide what this person sees (R61): the browser asks not to share, every use or
 * profiling was stopped, a partner was switched off, or the person is under age; the last word about each counts.
 */
export function optedOut({ signal, log }: Pick<State, 'signal' | 'log'>): boolean {
  const objected = (what: Objected['what']) =>
    log.entries.findLast((e): e is Objected => e.kind === 'objected' && e.what === what)?.on === true;
  const underAge = log.entries.findLast((e) => e.kind === 'under_age');
  return (
    signal === true ||
    (['all', 'profiling'] as const).some(objected) ||
    underAge?.on === true ||
    log.entries.some((e) => e.kind === 'withdrawn')
  );
}
