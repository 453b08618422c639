import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const output = join(root, 'test/output');
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');

/** A fresh folder inside the repository, so that `#sdk` and `#contract/…` mean what they mean in integrations/. */
export function workFolder(name: string): { folder: string; remove(): void } {
  mkdirSync(output, { recursive: true });
  const folder = mkdtempSync(join(output, `${name}-`));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Compiles files under the settings of integrations/tsconfig.json; gives the compiler's messages, none when all is well. */
export async function typeCheck(folder: string, files: Record<string, string> = {}): Promise<string[]> {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const settings = { extends: join(root, 'integrations/tsconfig.json'), include: [join(folder, '**/*.ts')] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings));
  return new Promise((resolve) => {
    execFile(process.execPath, [tsc, '--noEmit', '--pretty', 'false', '-p', folder], { cwd: folder }, (_, stdout) =>
      resolve(stdout.split(/\n(?! )/).filter((message) => message.trim() !== '')),
    );
  });
}
