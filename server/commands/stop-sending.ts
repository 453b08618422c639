import { existsSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as catalogue from '../../integrations/index.ts';
import { readStopFile, removeStop, writeStop } from '../egress/stop-file.ts';
import { readEnvironment, SettingError } from '../env.ts';

/** What was asked for; `provider` '' is all. */
interface Asked {
  provider: string;
  resume: boolean;
}

const usage =
  'Say what: npm run stop-sending -- --all, or --adapter hubspot. With --resume beside it, sending goes on.';

/** Reads the words of the command; a sentence where they make no sense. `known` are the ids of adapters. */
export function readWords(argv: readonly string[], known: readonly string[]): Asked | string {
  const resume = argv.includes('--resume');
  const [what, id, ...more] = argv.filter((word) => word !== '--resume');
  if (what === '--all' && id === undefined) return { provider: '', resume };
  if (what !== '--adapter' || id === undefined || more.length > 0) return usage;
  return known.includes(id) ? { provider: id, resume } : `There is no adapter ${id}. There are: ${known.join(', ')}.`;
}

/** Stops or resumes in a data folder and returns the sentence to print. Throws what the file system says. */
export function stopOrResume(dataFolder: string, { provider, resume }: Asked, now: Date): string {
  const what = provider === '' ? 'everything' : provider;
  if (!resume) {
    writeStop(dataFolder, provider, now);
    return `Sending is stopped: ${what}. A running hub writes no further byte, and one that starts later sends nothing either.`;
  }
  const was = removeStop(dataFolder, provider);
  const left = readStopFile(dataFolder).stopped();
  if (!was) return `That was not stopped: ${what}.`;
  if (left.length === 0) return `Sending goes on: ${what}. What waited is decided again.`;
  return `No longer stopped: ${what}. Still stopped: ${left.map((p) => p || 'everything').join(', ')}.`;
}

/**
 * `npm run stop-sending -- --all | --adapter <id> [--resume]`: the operator's kill switch (SECURITY.md control 8, P4). It
 * works beside a running hub, and also while that one is paused, because it touches the data folder alone and no lock.
 */
export function main(argv: readonly string[] = process.argv.slice(2)): 0 | 1 {
  const known = Object.values(catalogue).map((a) => a.facts.id);
  const asked = readWords(argv, known);
  if (typeof asked === 'string') {
    console.log(asked);
    return 1;
  }
  try {
    const { dataFolder } = readEnvironment(process.env);
    if (!existsSync(dataFolder)) throw new SettingError(`There is no data folder ${dataFolder}; set ASKFIRST_DATA.`);
    console.log(stopOrResume(dataFolder, asked, new Date()));
    return 0;
  } catch (error) {
    const { message, code } = error as Error & { code?: string };
    if (!(error instanceof SettingError) && code === undefined) throw error;
    console.log(error instanceof SettingError ? message : `It could not be written (${code}); nothing was changed.`);
    return 1;
  }
}

// Run, not imported: the first file Node was given is this one, links resolved.
if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) process.exitCode = main();
