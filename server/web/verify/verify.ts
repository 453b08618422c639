import { longestOpenings } from '../../gate/openings.ts';
import { longestReceipt } from '../../gate/receipt-check.ts';
import { checkText, type Said } from './check.ts';

const at = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;
const [verdict, facts, zone] = [at('verdict'), at('facts'), at('choose')];
const key = at<HTMLTextAreaElement>('key');
let receipt: File | undefined;
let openings: string | undefined;
let turn = 0;

function row([name, ...lines]: readonly string[]): HTMLElement {
  const div = document.createElement('div');
  for (const [i, text] of [name, ...lines].entries()) {
    const cell = document.createElement(i === 0 ? 'dt' : 'dd');
    cell.textContent = text ?? '';
    div.append(cell);
  }
  return div;
}

function say(said: Said | undefined): void {
  verdict.textContent = said?.words ?? '';
  verdict.className = said ? `told ${said.ok ? 'yes' : 'no'}` : 'told';
  facts.replaceChildren(...(said?.facts ?? []).map(row));
  facts.hidden = facts.childElementCount === 0;
}

const refused = (words: string): Said => ({ ok: false, words, facts: [] });

/** A receipt is ASCII: with one letter for each byte no byte can hide behind another. Proof keys are strict UTF-8. */
async function textOf(file: File, coding: 'latin1' | 'utf-8' = 'latin1'): Promise<string | undefined> {
  try {
    return new TextDecoder(coding, { fatal: true, ignoreBOM: true }).decode(await file.arrayBuffer());
  } catch {
    return undefined;
  }
}

async function look(file: File): Promise<Said> {
  if (file.size > longestReceipt) return refused('This file is too large to be a receipt.');
  const text = await textOf(file);
  if (text === undefined) return refused('This file cannot be read.');
  const said = await checkText(text, key.value, globalThis.crypto, openings);
  return { ...said, words: `${file.name}: ${said.words}` };
}

/** Says what is found of the receipt last chosen; an older check that ends later says nothing. */
async function check(): Promise<void> {
  const mine = ++turn;
  const said = receipt && (await look(receipt));
  if (mine === turn) say(said);
}

function take(file: File | undefined): void {
  if (!file) return;
  receipt = file;
  void check();
}

function keyChanged(): void {
  key.defaultValue = key.value; // what is saved of a page is its default: so the key stays in it
  void check();
}

async function takeKey(file: File | undefined): Promise<void> {
  if (!file) return;
  key.value = file.size > longestReceipt ? '' : ((await textOf(file)) ?? '').trim();
  keyChanged();
}

async function takeOpenings(file: File | undefined): Promise<void> {
  if (!file) return;
  openings = (file.size > longestOpenings ? undefined : await textOf(file, 'utf-8')) ?? '';
  if (receipt) return check();
  say({ ok: true, words: `${file.name} is loaded. Now choose the receipt.`, facts: [] });
}

const files = (button: string, input: string, taken: (file: File | undefined) => void) => {
  const field = at<HTMLInputElement>(input);
  at(button).addEventListener('click', () => field.click());
  field.addEventListener('change', () => {
    taken(field.files?.[0]);
    field.value = ''; // the same file again, changed meanwhile, is a new choice
  });
};

files('choose', 'file', take);
files('choose-key', 'key-file', (file) => void takeKey(file));
files('choose-openings', 'openings-file', (file) => void takeOpenings(file));
key.addEventListener('input', keyChanged);

// The whole page takes a drop: one beside the zone would else open the file in place of the page.
document.addEventListener('dragover', (event) => {
  event.preventDefault();
  zone.classList.add('over');
});
document.addEventListener('dragleave', () => zone.classList.remove('over'));
document.addEventListener('drop', (event) => {
  event.preventDefault();
  zone.classList.remove('over');
  take(event.dataTransfer?.files[0]);
});

say(undefined); // a page saved after a check begins anew
