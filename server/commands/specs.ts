import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One pinned vendor file: where it is published, what it must be, which operations rest on it (PARTNERS.md 4). */
interface PinnedFile {
  file: string;
  path: string;
  /** Of the original, hex. */
  sha256: string;
  /** Of the cut kept beside the repository, hex; null when the whole file is kept. */
  cut: string | null;
  /** Operations the adapter and the hub use. */
  operations: string[];
  /** Operations only the sandbox partner plays. */
  played: string[];
}

/** The pinned files of one partner. */
interface PinnedPartner {
  repository: string;
  commit: string;
  /** npm package and version the original comes in; it is then taken by npm, and this command only says how. */
  package?: string;
  licence: string;
  /** False: downloaded only when named, after the licence sentence was printed. */
  open: boolean;
  licenceText: string;
  files: PinnedFile[];
}

/** `test/contract/pins.json`: by partner id. */
export type Pins = Record<string, PinnedPartner>;

const largest = 20_000_000; // bytes; the largest pinned file has under 1 MB

/** Reads a body up to `largest` bytes; more is an Error. */
async function bytesOf(answer: Response): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of answer.body ?? []) {
    length += part.length;
    if (length > largest) throw new Error('it is too large');
    parts.push(part);
  }
  return Buffer.concat(parts);
}

async function fetchFile(url: string, pin: PinnedFile, folder: string): Promise<void> {
  const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(60_000) });
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  const bytes = await bytesOf(answer);
  // checked before anything is written: a wrong file never lies under the right name
  if (createHash('sha256').update(bytes).digest('hex') !== pin.sha256) throw new Error('it is not the pinned file');
  mkdirSync(folder, { recursive: true });
  const target = join(folder, pin.file);
  writeFileSync(`${target}.part`, bytes);
  renameSync(`${target}.part`, target);
}

const heldAlready = (path: string, pin: PinnedFile) =>
  existsSync(path) && createHash('sha256').update(readFileSync(path)).digest('hex') === pin.sha256;

/**
 * Downloads the pinned originals into `folder/<partner>` and checks each sha256. Partners without an open licence are
 * taken only when named, after their licence sentence was printed. Returns the exit code: 1 when a name is unknown or a
 * file did not come; files that came stay.
 */
export async function fetchSpecs(deps: {
  pins: Pins;
  /** Partners named on the command line; none means every openly licensed one. */
  names: readonly string[];
  /** Where the originals are published; a loopback server in tests. */
  base: string;
  folder: string;
  print(line: string): void;
}): Promise<0 | 1> {
  const { pins, names, base, folder, print } = deps;
  const unknown = names.filter((name) => !Object.hasOwn(pins, name));
  if (unknown.length > 0) {
    print(`There is no pinned partner called ${unknown.join(', ')}. Known: ${Object.keys(pins).join(', ')}.`);
    return 1;
  }
  let code: 0 | 1 = 0;
  for (const [name, partner] of Object.entries(pins)) {
    if (names.length > 0 && !names.includes(name)) continue;
    if (!partner.open && !names.includes(name)) {
      print(`${name}: not downloaded, its licence is not open. To take it all the same: npm run specs -- ${name}`);
      continue;
    }
    print(`${name}: ${partner.repository}, licence: ${partner.licence}`);
    if (!partner.open)
      print(`"${partner.licenceText}" For reading and private tests only; never commit or pass it on.`);
    for (const pin of partner.files) {
      if (heldAlready(join(folder, name, pin.file), pin)) {
        print(`  ${pin.file}: here already`);
        continue;
      }
      if (partner.package) {
        const to = join(folder, name, pin.file);
        print(`  ${pin.file}: npm pack ${partner.package}, and put its ${pin.path} at ${to}`);
        continue;
      }
      try {
        await fetchFile(`${base}/${partner.repository}/${partner.commit}/${pin.path}`, pin, join(folder, name));
        print(`  ${pin.file}: downloaded and checked`);
      } catch (error) {
        print(`  ${pin.file}: not downloaded, ${error instanceof Error ? error.message : 'for an unknown reason'}`);
        code = 1;
      }
    }
  }
  return code;
}

if (import.meta.main) {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  process.exitCode = await fetchSpecs({
    pins: JSON.parse(readFileSync(join(root, 'test/contract/pins.json'), 'utf8')),
    names: process.argv.slice(2),
    base: 'https://raw.githubusercontent.com',
    // git-ignored, and the third place the contract tests look in
    folder: join(root, 'data/specs'),
    print: (line) => process.stdout.write(`${line}\n`),
  });
}
