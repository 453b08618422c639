import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import puppeteer, { type Browser } from 'puppeteer-core';
import { build } from './build.ts';

/** The browsers the extension is built for. */
export type BrowserKind = 'chrome' | 'firefox';

const programs = process.env.ProgramFiles ?? 'C:\\Program Files';
const known: Record<BrowserKind, { name: string; env: string; paths: string[] }> = {
  chrome: {
    name: 'Chrome or Chromium',
    env: 'CHROMIUM',
    paths: [
      '/usr/bin/chromium',
      '/usr/bin/chromium-browser',
      '/usr/bin/google-chrome',
      '/snap/bin/chromium',
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      join(programs, 'Google', 'Chrome', 'Application', 'chrome.exe'),
    ],
  },
  firefox: {
    name: 'Firefox',
    env: 'FIREFOX',
    paths: [
      '/usr/bin/firefox-esr',
      '/usr/bin/firefox',
      '/snap/bin/firefox',
      '/Applications/Firefox.app/Contents/MacOS/firefox',
      join(programs, 'Mozilla Firefox', 'firefox.exe'),
    ],
  },
};

/** One plain sentence for the terminal. */
export class CannotOpen extends Error {}

/** The browser's program: what CHROMIUM or FIREFOX names, else where it usually is. Throws CannotOpen. */
export function findBrowser(kind: BrowserKind, env: Record<string, string | undefined>): string {
  const { name, env: variable, paths } = known[kind];
  const own = env[variable];
  if (own && !existsSync(own)) throw new CannotOpen(`${variable}=${own} does not exist.`);
  const found = own || paths.find((path) => existsSync(path));
  if (!found) throw new CannotOpen(`No ${name} was found: install it, or set ${variable} to its path.`);
  return found;
}

/** Throws CannotOpen where no hub answers at `origin` within two seconds. */
export async function hubAnswers(origin: string): Promise<void> {
  const answer = await fetch(`${origin}/`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
  await answer?.body?.cancel();
  if (!answer?.ok)
    throw new CannotOpen(`The hub does not answer at ${origin}. Start it in another terminal: npm start`);
}

/** Opens the browser with the built extension, a fresh profile (removed when it closes) and the start page. */
export async function openBrowser(
  kind: BrowserKind,
  { path, origin, headless = false }: { path: string; origin: string; headless?: boolean },
): Promise<Browser> {
  const extension = resolve(`.output/${kind}-mv3`);
  const common = { executablePath: path, headless, defaultViewport: null };
  const browser =
    kind === 'chrome'
      ? await puppeteer.launch({
          ...common,
          pipe: true, // enableExtensions needs it; --load-extension is refused by branded Chrome
          enableExtensions: [extension],
          ignoreDefaultArgs: ['--enable-automation'],
          args: ['--no-first-run', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])], // root has no sandbox
        })
      : await puppeteer.launch({ ...common, browser: 'firefox' });
  if (kind === 'firefox') await browser.installExtension(extension);
  const [page = await browser.newPage()] = await browser.pages();
  await page.goto(`${origin}/`);
  return browser;
}

async function main(kind: string | undefined): Promise<void> {
  if (kind !== 'chrome' && kind !== 'firefox') throw new CannotOpen('Say which: npm run chrome, or npm run firefox');
  const origin = `http://localhost:${process.env.ASKFIRST_PORT ?? 8787}`;
  const path = findBrowser(kind, process.env);
  await hubAnswers(origin);
  await build();
  const browser = await openBrowser(kind, { path, origin }).catch((error: unknown) => {
    const [why] = String(error instanceof Error ? error.message : error).split('\n');
    throw new CannotOpen(`${known[kind].name} did not open: ${why}`);
  });
  console.log('The extension is loaded: press its button in the toolbar. Close the browser to end.');
  await new Promise<void>((done) => browser.once('disconnected', () => done()));
}

if (import.meta.main) {
  try {
    await main(process.argv[2]);
  } catch (error) {
    if (!(error instanceof CannotOpen)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
