import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Problem } from '#contract/problem.ts';
import { publicKeyOf } from '../gate/keys.ts';
import { verifyReceipt } from '../gate/receipt.ts';
import { jwsOf } from '../gate/receipt-check.ts';
import { receiptFacts } from '../web/verify/facts.ts';

/** What the command needs from its surroundings; nothing here can reach a network. */
export interface ReceiptIo {
  /** Reads a whole file as text; throws when there is none. */
  read: (path: string) => string;
  print: (line: string) => void;
  /** The pinned key where `--key` names none: a file with one base64url Ed25519 public key. */
  keyFile: string;
}

const usage = 'npm run receipt -- <file> [--key <public key, base64url>] [--origin <name of the ledger>]';

/** Words for the person at the terminal, thrown to end the command. */
class Stop extends Error {}

interface Args {
  file: string;
  key?: string;
  origin?: string;
}

function parseArgs(argv: readonly string[]): Args {
  const args: Partial<Args> = {};
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] as string;
    const name = word === '--key' ? 'key' : word === '--origin' ? 'origin' : 'file';
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

function readKey(io: ReceiptIo, given: string | undefined) {
  const text = given ?? readText(io, io.keyFile, 'The hub’s public key (or give one with --key)').trim();
  try {
    return publicKeyOf(text);
  } catch (error) {
    throw error instanceof Problem ? new Stop(`This is not a public key: ${error.message}.`) : error;
  }
}

/**
 * Verifies one receipt file offline and says in plain words who may get what (GATE.md g, R29). Returns the exit code:
 * 0 genuine, 1 anything else, always with the reason printed.
 */
export function checkReceipt(argv: readonly string[], io: ReceiptIo): 0 | 1 {
  try {
    const args = parseArgs(argv);
    const jws = readJws(io, args.file);
    const key = readKey(io, args.key);
    const verified = verifyReceipt(jws, key, args.origin);
    if (!verified.ok) throw new Stop(`This receipt is not valid: ${verified.why}.`);
    io.print('This receipt is genuine.');
    for (const [name, ...lines] of receiptFacts(verified, (term) => term))
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
