import type { AddressDeps } from './addresses.ts';
import { looksRight, noteClaim, optOutAddress } from './addresses.ts';
import type { OptOutDeps } from './opt-out.ts';

/** One row of a list another system kept: an address and what it says the person answered. */
interface ImportedRow {
  /** Counted from 1, as the person who pasted the list sees it. */
  line: number;
  kind: 'email' | 'phone';
  value: string;
  said: 'yes' | 'no';
}

/** A list as it was read: rows that can be taken, and the numbers of lines that cannot. */
export interface ImportedList {
  rows: ImportedRow[];
  bad: number[];
}

/** How many lines are read; the rest is refused by number. */
const mostLines = 5_000;

/**
 * Reads "address, yes" or "address; no" line by line (GATE.md k.23). Empty lines are skipped; a line that is neither,
 * and every line after the 5,000th, is bad.
 */
export function readList(text: string): ImportedList {
  const list: ImportedList = { rows: [], bad: [] };
  for (const [at, raw] of text.split(/\r?\n/).entries()) {
    if (!raw.trim()) continue;
    const [value = '', said = ''] = raw.split(/[,;\t]/).map((part) => part.trim());
    const kind = value.includes('@') ? 'email' : 'phone';
    const word = said.toLowerCase();
    const ok = at < mostLines && (word === 'yes' || word === 'no') && looksRight({ kind, value });
    if (ok) list.rows.push({ line: at + 1, kind, value, said: word });
    else list.bad.push(at + 1);
  }
  return list;
}

/**
 * Takes such a list (GATE.md k.23): each no acts at once and for good; each yes is kept as a claim of somebody else,
 * without the address, and grants nothing: the person is asked like anybody. No event `given` is ever made here. Raises
 * nothing for a number that is none in the brand's country; those lines come back in `bad`.
 */
export async function importAnswers(
  d: OptOutDeps & AddressDeps,
  brandId: string,
  { rows, bad }: ImportedList,
): Promise<{ unknown: number; withdrawn: number; bad: number[] }> {
  const failed: number[] = [...bad];
  let unknown = 0;
  let withdrawn = 0;
  for (const row of rows) {
    const taken = row.said === 'no' ? await optOutAddress(d, brandId, row) : await noteClaim(d, brandId, row);
    if (!taken) failed.push(row.line);
    else if (row.said === 'no') withdrawn++;
    else unknown++;
  }
  return { unknown, withdrawn, bad: failed.sort((a, b) => a - b) };
}
