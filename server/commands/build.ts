import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createBuilder, build as viteBuild } from 'vite';
import { build as wxtBuild } from 'wxt';
import { buildAdapters } from './bundle-adapters.ts';
import { buildVerifyPage } from './verify-page.ts';

const sheets = [
  'extension/panel/kit/tokens.css',
  'extension/panel/kit/kit.css',
  'server/web/web.css',
  'server/web/start/start.css',
  'server/web/preferences/preferences.css',
  'server/web/sign-in/sign-in.css',
  'server/web/console/console.css',
  'server/web/console/rows.css',
  'server/web/console/notice.css',
  'server/web/widget/question.css',
  'server/demo/shop.css',
];
const scripts = {
  start: 'server/web/start/start.ts',
  preferences: 'server/web/preferences/preferences.ts',
  notice: 'server/web/console/notice.ts',
};

/** Hash of everything that is built, and of what builds it: equal means there is nothing to do. */
function fingerprint(): string {
  const hash = createHash('sha256');
  const walk = (path: string) => {
    for (const entry of readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const full = join(path, entry.name);
      if (entry.isDirectory()) walk(full);
      else hash.update(full).update(readFileSync(full));
    }
  };
  for (const folder of ['server', 'extension', 'integrations']) walk(folder);
  for (const file of ['package-lock.json', 'wxt.config.ts', 'tsconfig.json']) hash.update(readFileSync(file));
  return hash.digest('hex');
}

const script = (name: string, entry: string, format: 'es' | 'iife') =>
  viteBuild({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      outDir: 'dist/pages',
      emptyOutDir: false,
      target: 'es2022',
      cssTarget: 'chrome123', // keeps light-dark(): a fallback would double every colour
      lib: { entry, formats: [format], name: 'AskFirst', fileName: () => `${name}.js`, cssFileName: name },
    },
  });

/** Builds the hub, its pages, the widget and the adapters into `dist/`. */
async function buildHub(): Promise<void> {
  rmSync('dist', { recursive: true, force: true });
  mkdirSync('dist/pages', { recursive: true });
  await viteBuild({ configFile: 'server/vite.config.ts', logLevel: 'error' });
  await buildAdapters('dist/adapters');
  const widget = await createBuilder({ configFile: 'server/web/widget/vite.config.ts', logLevel: 'error' });
  await widget.buildApp();
  for (const [name, entry] of Object.entries(scripts)) await script(name, entry, 'es');
  await script('panel', 'server/web/panel/main.tsx', 'iife');
  for (const sheet of sheets) copyFileSync(sheet, join('dist/pages', basename(sheet)));
  await buildVerifyPage('dist/pages/verify.html');
  copyFileSync('server/web/icon.svg', 'dist/pages/icon.svg');
}

/** Builds what `npm start` needs, unless nothing changed since the last time; returns whether it built. */
export async function build(): Promise<boolean> {
  const mark = 'dist/.built';
  const now = fingerprint();
  const whole = existsSync('.output/chrome-mv3/manifest.json') && existsSync('.output/firefox-mv3/manifest.json');
  if (whole && existsSync(mark) && readFileSync(mark, 'utf8') === now) return false;
  await buildHub();
  await wxtBuild({ browser: 'chrome' });
  await wxtBuild({ browser: 'firefox' });
  writeFileSync(mark, now);
  return true;
}

if (import.meta.main) {
  if (process.argv.includes('--hub')) await buildHub();
  else await build();
}
