import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const sheets = [
  'extension/panel/kit/tokens.css',
  'extension/panel/kit/kit.css',
  'server/web/web.css',
  'server/web/verify/verify.css',
];

// As addresses, so that what is only built and never imported is still found to be in use.
const entries = {
  body: fileURLToPath(import.meta.resolve('../web/verify/verify-page.tsx')),
  script: fileURLToPath(import.meta.resolve('../web/verify/verify.ts')),
};

/** One file of script, as text: what the page runs, or what draws its body here. */
async function bundle(entry: string, ssr: boolean): Promise<string> {
  const made = await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    define: { 'process.env.NODE_ENV': '"production"' },
    ssr: { noExternal: true },
    build: {
      write: false,
      target: 'es2022',
      ...(ssr ? { ssr: entry } : { lib: { entry, formats: ['iife'], name: 'AskFirst' } }),
    },
  });
  const [first] = Array.isArray(made) ? made : [made];
  const chunk = first && 'output' in first ? first.output[0] : undefined;
  if (chunk?.type !== 'chunk') throw new Error(`${entry} gave no script`);
  return chunk.code;
}

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/**
 * Writes the page that checks receipts: one HTML file with all it needs inside, so that it works as it is from a disk.
 * Its policy names the two hashes of what is inside and lets nothing else load, and nothing be sent.
 */
export async function buildVerifyPage(file: string): Promise<void> {
  const drawn = await bundle(entries.body, true);
  const { verifyBody } = (await import(`data:text/javascript,${encodeURIComponent(drawn)}`)) as {
    verifyBody: () => string;
  };
  const script = (await bundle(entries.script, false)).trim().replaceAll('</script', '<\\/script');
  const style = sheets.map((sheet) => readFileSync(sheet, 'utf8')).join('\n');
  const policy = `default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf(script)}; base-uri 'none'; form-action 'none'`;
  writeFileSync(
    file,
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="content-security-policy" content="${policy}"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer"><title>Check a receipt</title><style>${style}</style></head><body class="public">${verifyBody()}<script>${script}</script></body></html>\n`,
  );
}

if (import.meta.main) await buildVerifyPage('dist/pages/verify.html');
