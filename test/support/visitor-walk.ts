import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'puppeteer-core';
import { fill, press, provedReceipt, until } from './story.ts';

/** Writes a message in the widget and waits until the hub has it. */
export async function saysIn(widget: Frame, text: string): Promise<void> {
  await fill(widget, '#m', text);
  await press(widget, '.say-back [type=submit]');
  await until(
    () =>
      widget.evaluate(
        (t) => [...document.querySelectorAll('.msg.mine:not(.pending)')].some((m) => m.textContent === t),
        text,
      ),
    `“${text}” stored`,
  );
}

/**
 * Begins a chat with these words, and resolves with what stood in the e-mail field once the hub has them. A widget that
 * kept a chat asks the hub about it first, and draws its form anew where that is gone: then the words are filled in again.
 */
export async function beginsIn(widget: Frame, text: string): Promise<string> {
  let email = '';
  await until(async () => {
    const now = await widget.evaluate((words) => {
      if (document.querySelector('.msg.mine:not(.pending)')) return 'begun';
      const field = document.querySelector<HTMLTextAreaElement>('#text');
      if (!field) return 'waiting';
      field.value = words;
      field.dispatchEvent(new Event('input', { bubbles: true }));
      document.querySelector<HTMLElement>('.begin [type=submit]:not([form])')?.click();
      return { email: document.querySelector<HTMLInputElement>('#email')?.value ?? '' };
    }, text);
    if (typeof now === 'object') ({ email } = now);
    return now === 'begun';
  }, `“${text}” stored`);
  return email;
}

/** Answers the open question field by field and sends it. */
export async function answersIn(widget: Frame, fields: Record<string, 'yes' | 'no'>): Promise<void> {
  for (const [field, said] of Object.entries(fields)) await press(widget, `.ask input[name=${field}][value=${said}]`);
  await press(widget, '.ask .end [type=submit]:not([name])');
}

/** What the command without a network says of a receipt, once it is proved; throws where it does not end well. */
export async function checksReceipt(href: string, folder: string, data: string): Promise<string> {
  const file = join(folder, 'receipt.jws');
  writeFileSync(file, await provedReceipt(href));
  const env = { ...process.env, ASKFIRST_DATA: data };
  const check = spawnSync('npm', ['run', '--silent', 'receipt', '--', file], { encoding: 'utf8', env });
  if (check.status !== 0) throw new Error(`${check.status}: ${check.stdout}${check.stderr}`);
  return check.stdout + check.stderr;
}
