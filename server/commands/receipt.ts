import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Problem } from '#contract/problem.ts';
import { runNow } from '../gate/asking.ts';
import { nodePrimitives } from '../gate/node-primitives.ts';
import { openedRows } from '../gate/openings.ts';
import { verifyReceipt } from '../gate/receipt.ts';
import { jwsOf, keysIn, whyNot } from '../gate/receipt-check.ts';
import { type Fact, type Genuine, notYours, openedFacts, receiptFacts } from '../web/verify/facts.ts';

/** What the command needs from its surroundings; nothing here can reach a network. */
export interface ReceiptIo {
  /** Reads a whole file as text; throws when there is none. */
  read: (path: string) => string;
  print: (line: string) => void;
  /** The pinned keys where none are named: a file with base64url Ed25519 public keys, one a line. */
  keyFile: string;
}

const usage =
  'npm run receipt -- <file> [--key <public key, base64url>] [--keys <list of keys>] [--origin <name of the ledger>] [--openings <your proof keys>]';

/** Words for the person at the terminal, thrown to end the command. */
class Stop extends Error {}

const names = ['key', 'keys', 'origin', 'openings'] as const;
type Args = { file: string } & Partial<Record<(typeof names)[number], string>>;

function parseArgs(argv: readonly string[]): Args {
  const args: Partial<Args> = {};
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] as string;
    const name = names.find((n) => word === `--${n}`) ?? 'file';
    const value = name === 'file' ? word : argv[++i];
    if (!value || args[name] !== undefined || (name === 'file' && word.startsWith('-'))) throw new Stop(usage);
    args[name] = value;
  }
  if (!args.file) throw new Stop(usage);
  return { ...args, file: args.file };
}

function readText(io: ReceiptIo, path: string, what: string): string {
  try {
    return io.read(path);
  } catch {
    throw new Stop(`${what} cannot be read: ${path}`);
  }
}

function readJws(io: ReceiptIo, path: string): string {
  const file = readText(io, path, 'The receipt');
  try {
    return jwsOf(file);
  } catch (error) {
    throw error instanceof Problem ? new Stop(error.message) : error;
  }
}

function readKeys(io: ReceiptIo, { key, keys }: Args): Uint8Array[] {
  const text = key ?? readText(io, keys ?? io.keyFile, 'The hub’s public key (or give one with --key)');
  try {
    return keysIn(text);
  } catch (error) {
    throw error instanceof Problem ? new Stop(`This is not a public key: ${error.message}.`) : error;
  }
}

/** What the proof keys of a person add to their receipt; ends the command where they are not of this person. */
function openedBy(io: ReceiptIo, path: string, receipt: Genuine, keys: readonly Uint8Array[]): Fact[] {
  const file = readText(io, path, 'The proof keys');
  try {
    return openedFacts(receipt, runNow(openedRows(file, keys), nodePrimitives));
  } catch (error) {
    throw error instanceof Problem ? new Stop(notYours(error.message)) : error;
  }
}

/**
 * Verifies one receipt file offline and says in plain words who may get what (GATE.md g, R29), and with the person's own
 * proof keys what was sent of them on that answer. Returns the exit code: 0 genuine, 1 anything else, always with the reason
 * printed.
 */
export function checkReceipt(argv: readonly string[], io: ReceiptIo): 0 | 1 {
  try {
    const args = parseArgs(argv);
    const jws = readJws(io, args.file);
    const keys = readKeys(io, args);
    const verified = verifyReceipt(jws, keys, args.origin);
    if (!verified.ok) throw new Stop(whyNot(verified));
    io.print('This receipt is genuine.');
    const own = args.openings === undefined ? [] : openedBy(io, args.openings, verified, keys);
    for (const [name, ...lines] of [...receiptFacts(verified, (term) => term), ...own])
      lines.forEach((line, i) => {
        io.print(`${(i === 0 ? `${name}:` : '').padEnd(12)}${line}`);
      });
    return 0;
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    io.print(error.message);
    return 1;
  }
}

/** `npm run receipt`: the process's own arguments, files and folder (`ASKFIRST_DATA`, else `data`). */
export const main = (): 0 | 1 =>
  checkReceipt(process.argv.slice(2), {
    read: (path) => readFileSync(path, 'utf8'),
    print: (line) => console.log(line),
    keyFile: join(process.env.ASKFIRST_DATA ?? 'data', 'receipt-key.pub'),
  });

// Run, not imported: the first file Node was given is this one, links resolved.
if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) process.exitCode = main();
