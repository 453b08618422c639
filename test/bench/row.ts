/** One line of the benchmark's table and of bench.json. */
export interface BenchRow {
  name: string;
  /** What was measured of ours. */
  value: number;
  unit: string;
  /** The raw limit, measured beside it in the same run; null where there is none. */
  limit: number | null;
  /** value to limit; null without a limit. */
  ratio: number | null;
  /** In words, from DESIGN.md 7; "shown" where nothing is demanded. */
  goal: string;
  met: boolean;
}

const round = (value: number) => Number(value.toPrecision(4));

/** Makes a row: figures rounded to four places, the ratio taken before. `met` gets value and ratio. */
export function row(
  name: string,
  unit: string,
  value: number,
  limit: number | null,
  goal = 'shown',
  met: (value: number, ratio: number) => boolean = () => true,
): BenchRow {
  const ratio = limit === null ? null : value / limit;
  return {
    name,
    value: round(value),
    unit,
    limit: limit === null ? null : round(limit),
    ratio: ratio === null ? null : round(ratio),
    goal,
    met: met(value, ratio ?? Number.NaN),
  };
}

/** The value below which `share` (0 to 1) of the samples lie; sorts them in place. */
export function quantile(samples: number[] | Float64Array, share: number): number {
  samples.sort((a: number, b: number) => a - b);
  return samples[Math.floor((samples.length - 1) * share)] ?? Number.NaN;
}
