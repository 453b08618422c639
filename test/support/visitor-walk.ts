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
