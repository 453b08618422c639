import { describe, expect, test } from 'vitest';
import {
  doorPackages,
  dynamicAdapters,
  makesMarkup,
  opensTokens,
  reachesOut,
  rootImported,
  tooLong,
  undocumented,
} from './support/guards.ts';
import { breaches, circles, readModule, readSources, unusedPermits } from './support/law.ts';
import { lawOf } from './support/law-table.ts';

const sources = readSources('server', 'extension', 'integrations');
const modules = sources.map(readModule);
const partners = [...new Set(sources.map(({ path }) => /^integrations\/(?!sdk\/)([^/]+)\//.exec(path)?.[1] ?? ''))];
const law = lawOf(partners.filter(Boolean));

const root = Object.keys(law).filter((zone) => law[zone]?.may.includes('*'));

describe('the import law', () => {
  test('DESIGN-2 every import is one the law names, types included', () => {
    expect(modules.length).toBeGreaterThan(150);
    expect(breaches(law, modules)).toEqual([]);
  });

  test('DESIGN-2 every permission for a single file is used', () => {
    expect(unusedPermits(law, modules)).toEqual([]);
  });

  test('DESIGN-2 nobody imports the composition root or a command', () => {
    expect(rootImported(root, modules)).toEqual([]);
  });

  test('DESIGN-2 there are no circles', () => {
    expect(circles(modules)).toEqual([]);
  });

  test('sec-EG2 only egress opens sockets to partners; the listener and the commands are the exceptions', () => {
    expect(doorPackages(modules)).toEqual([]);
    expect(reachesOut(modules)).toEqual([]);
  });

  test('control 1 only egress can open a token: nobody else imports what does, nor asks the vault', () => {
    expect(opensTokens(modules)).toEqual([]);
  });

  test('DESIGN-3 an adapter imports nothing at run time', () => {
    expect(dynamicAdapters(modules)).toEqual([]);
  });
});

describe('the shape of the code', () => {
  test('DESIGN-6 no file is over 300 lines', () => {
    expect(tooLong([...sources, ...readSources('test')])).toEqual([]);
  });

  test('DESIGN-6 every export says what it is', () => {
    expect(undocumented(modules)).toEqual([]);
  });

  test('sec-4.8 nothing sets markup from text', () => {
    expect(makesMarkup(modules)).toEqual([]);
  });
});

describe('each guard can fail', () => {
  const plant = (path: string, text: string) => readModule({ path, text });
  const said = (path: string, text: string) => breaches(law, [plant(path, text)]);

  test.each([
    ['server/gate/decide.ts', "import { openStore } from '../store/open.ts';"],
    ['server/gate/decide.ts', "import type { Store } from '../store/open.ts';"],
    ['server/gate/decide.ts', "type S = import('../store/open.ts').Store;"],
    ['server/gate/decide.ts', "export { openStore } from '../store/open.ts';"],
    ['server/gate/decide.ts', "export * from '../store/open.ts';"],
    ['server/gate/decide.ts', "await import('../store/open.ts');"],
    ['server/gate/decide.ts', "import 'node:fs';"],
    ['server/store/open.ts', "import { decide } from '../gate/decide.ts';"],
    ['server/consent/answers.ts', "import { deliver } from '../egress/deliver.ts';"],
    ['server/connect/connect.ts', "import { createVault } from '../egress/vault.ts';"],
    ['server/contract/chat.ts', "import { z } from 'zod';"],
    ['server/contract/chat.ts', "import { thing } from 'zod/minimal';"],
    ['server/web/page.tsx', "import { openStore } from '../store/open.ts';"],
    ['server/demo/shop.tsx', "import { decide } from '../gate/decide.ts';"],
    ['extension/panel/state.ts', "import { browser } from '../lib/browser.ts';"],
    ['integrations/hubspot/adapter.ts', "import { facts } from '../other/facts.ts';"],
    ['integrations/hubspot/adapter.ts', "import { readFileSync } from 'node:fs';"],
    ['server/elsewhere/thing.ts', 'export const thing = 1;'],
  ])('%s: %s', (path, text) => {
    expect(said(path, text)).toHaveLength(1);
  });

  test('what the law allows passes, however it is written', () => {
    expect(
      said('server/egress/deliver.ts', "import { a } from '#sdk'; import type { B } from '../gate/b.ts';"),
    ).toEqual([]);
    expect(
      said('integrations/hubspot/adapter.ts', "import { facts } from './facts.ts'; import * as z from 'zod/mini';"),
    ).toEqual([]);
    expect(said('server/gate/decide.ts', "// import { x } from '../store/open.ts'")).toEqual([]);
  });

  test('an unused permission, an imported root and a circle are named', () => {
    const narrow = { 'server/gate': { may: ['server/store/open.ts'], packages: [] } };
    expect(unusedPermits(narrow, [plant('server/gate/a.ts', '')])).toEqual(['server/gate: server/store/open.ts']);
    expect(rootImported(root, [plant('server/routes/a.ts', "import type { Hub } from '../hub.ts';")])).toHaveLength(1);
    expect(rootImported(root, [plant('server/main.ts', "import type { Hub } from './hub.ts';")])).toEqual([]);
    const ring = [
      plant('server/gate/a.ts', "import './b.ts';"),
      plant('server/gate/b.ts', "import type { C } from './c.ts';"),
      plant('server/gate/c.ts', "export * from './a.ts';"),
    ];
    expect(circles(ring)).toEqual(['server/gate/a.ts > server/gate/b.ts > server/gate/c.ts > server/gate/a.ts']);
    expect(circles(ring.slice(0, 2))).toEqual([]);
  });

  test.each([
    ['server/routes/a.ts', "import { request } from 'node:http';"],
    ['server/routes/a.ts', "import http from 'http';"],
    ['server/routes/a.ts', "import * as net from 'node:net';"],
    ['server/routes/a.ts', "import { connect } from 'node:net';"],
    ['server/routes/a.ts', "import { lookup } from 'node:dns/promises';"],
    ['server/hub.ts', "import { spawn } from 'node:child_process';"],
    ['server/main.ts', "import { connect } from 'node:tls';"],
    ['server/hub.ts', "await fetch('https://example.org');"],
    ['server/hub.ts', 'const options = { fetch };'],
  ])('reaching out is seen in %s: %s', (path, text) => {
    expect(reachesOut([plant(path, text)])).toHaveLength(1);
  });

  test('what opens nothing is not called reaching out', () => {
    const calm =
      "import { isIP } from 'node:net'; import type { IncomingMessage } from 'node:http'; app.fetch(request);";
    expect(reachesOut([plant('server/routes/a.ts', calm)])).toEqual([]);
    expect(doorPackages([plant('server/routes/a.ts', "import type { Dispatcher } from 'undici';")])).toHaveLength(1);
    expect(doorPackages([plant('server/egress/a.ts', "import { Agent } from 'undici';")])).toEqual([]);
  });

  test.each([
    ['server/routes/a.ts', "import type { Tokens } from '../egress/tokens.ts';"],
    ['server/routes/a.ts', "import { resealSets } from '../egress/token-store.ts';"],
    ['server/connect/a.ts', "import { resealRevocations } from '../egress/revoker.ts';"],
    ['server/connect/a.ts', "import type { Vault } from '../egress/vault.ts';"],
    ['server/hub.ts', "import { createVault } from './egress/vault.ts';"],
    ['server/commands/a.ts', "import { openRoot } from '../store/root.ts';"],
    ['server/demo.ts', 'const clear = data.vault.open(row, place, sealed);'],
    ['server/main.ts', "data.vault['open'](row, place, sealed);"],
  ])('opening a token is seen in %s: %s', (path, text) => {
    expect(opensTokens([plant(path, text)])).toHaveLength(1);
  });

  test.each(["await import('./facts.ts');", "require('./facts.ts');", "eval('1');"])('in an adapter: %s', (text) => {
    expect(dynamicAdapters([plant('integrations/hubspot/adapter.ts', text)])).toHaveLength(1);
  });

  test.each([
    'shown.innerHTML = said;',
    'shown.outerHTML += said;',
    'const p = <p dangerouslySetInnerHTML={{ __html: said }} />;',
    "shown.insertAdjacentHTML('beforeend', said);",
    "const script = 'a.innerHTML = b';",
  ])('markup from text: %s', (text) => {
    expect(makesMarkup([plant('server/web/a.tsx', text)])).toHaveLength(1);
  });

  test('a long file and a bare export are named', () => {
    expect(tooLong([{ path: 'a.ts', text: `${'\n'.repeat(299)}x` }])).toEqual([]);
    expect(tooLong([{ path: 'a.ts', text: `${'\n'.repeat(300)}x` }])).toEqual(['a.ts: 301 lines']);
    const two = '/** Said. */\nexport const a = 1;\n\nexport function b() {}\n// not said\nexport interface C {}\n';
    expect(undocumented([plant('server/gate/a.ts', two)])).toEqual(['server/gate/a.ts: b', 'server/gate/a.ts: C']);
  });
});
