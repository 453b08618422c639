import { describe, expect, test } from 'vitest';
import {
  doorPackages,
  dynamicAdapters,
  makesMarkup,
  reachesOut,
  rootImported,
  tooLong,
  undocumented,
} from './support/guards.ts';
import { breaches, circles, type Law, readModule, readSources, unusedPermits } from './support/law.ts';

const contract = 'server/contract';
const sources = readSources('server', 'extension', 'integrations');
const modules = sources.map(readModule);
const partners = [...new Set(sources.map(({ path }) => /^integrations\/(?!sdk\/)([^/]+)\//.exec(path)?.[1] ?? ''))];

/**
 * The import law (DESIGN.md 2). A row may import its own zone and what it names; type-only imports count. Where a row
 * says more than the design's table, the reason stands beside it.
 */
const law: Law = {
  'server/contract': { may: [], packages: ['zod/mini'] },
  'integrations/sdk': { may: [contract], packages: ['zod/mini'] },
  ...Object.fromEntries(
    partners.filter(Boolean).map((partner) => [
      `integrations/${partner}`,
      { may: [contract, 'integrations/sdk'], packages: ['zod/mini'] }, // never another adapter
    ]),
  ),
  'integrations/index.ts': { may: ['integrations'], packages: [] },
  'server/gate': { may: [contract], packages: ['node:crypto', 'jose'] },
  'server/store': { may: [contract], packages: ['kysely', 'node:sqlite', 'node:crypto', 'node:fs', 'node:path'] },
  'server/consent': {
    may: [
      contract,
      'server/gate',
      'server/store',
      // a yes and a no must end what is under way, and be written to the same tree in the same transaction
      'server/egress/fence.ts',
      'server/egress/claim.ts',
      'server/egress/context.ts',
      'server/egress/ledger.ts',
      'server/egress/combine.ts', // what a partner reported joins the record in the commit of the yes (R22)
      'server/i18n', // the words of a notice
    ],
    packages: ['node:crypto'], // identifiers and digests, no I/O
  },
  'server/egress': {
    may: [contract, 'integrations/sdk', 'server/gate', 'server/store'],
    packages: [
      'undici',
      'oauth4webapi',
      'jose',
      'quickjs-emscripten-core',
      '@jitl/quickjs-wasmfile-release-sync',
      // the door itself: address checks, the sandbox's thread, its bundle and keys
      'node:crypto',
      'node:dns',
      'node:fs',
      'node:net',
      'node:url',
      'node:worker_threads',
    ],
  },
  'server/connect': {
    may: [
      contract,
      'integrations/sdk', // the facts of the adapter that is connected
      'server/consent',
      'server/gate',
      'server/store',
      'server/egress/fence.ts',
      'server/egress/connector.ts', // connecting is asked of egress, which keeps the tokens
      'server/egress/claim.ts', // ends claims of a connection that is taken away
    ],
    packages: ['node:crypto'],
  },
  'server/chat': {
    may: [
      contract,
      'server/consent',
      'server/gate',
      'server/store',
      'server/egress/preview.ts', // the strip shows what would leave
      'server/egress/reference.ts', // the number an agent reads aloud
    ],
    packages: ['node:crypto'],
  },
  'server/people': {
    may: [contract, 'server/consent', 'server/gate', 'server/store'],
    packages: ['better-auth', 'node:crypto'],
  },
  'server/routes': {
    may: [
      contract,
      'integrations/sdk',
      'server/chat',
      'server/connect',
      'server/consent',
      'server/egress',
      'server/gate',
      'server/i18n',
      'server/people',
      'server/store',
      'server/web',
    ],
    packages: [
      'hono',
      '@hono/node-server',
      'rate-limiter-flexible',
      'zod/mini', // parses the bodies the contract does not name
      'pino', // the type of the logger it is handed
      'preact', // renders the pages of web
      'preact-render-to-string',
      'node:crypto',
      'node:fs', // the built assets
      'node:net', // isIP and BlockList alone, see guards.ts
      'node:path',
    ],
  },
  'server/web': {
    may: [
      contract,
      'server/i18n',
      'extension/panel',
      'server/gate/asking.ts', // the page that checks receipts runs the hub's own code (GATE.md g)
      'server/gate/encoding.ts',
      'server/gate/receipt-check.ts',
    ],
    packages: ['preact', 'preact-render-to-string'],
  },
  'extension/panel': { may: [contract, 'server/i18n/en.ts'], packages: ['preact'] },
  extension: {
    may: [contract, 'extension/panel'],
    packages: ['preact', 'wxt', 'webextension-polyfill'],
  },
  'server/i18n': { may: [contract], packages: [] },
  'server/env.ts': { may: [contract], packages: ['pino', 'node:path', 'node:net'] }, // isIP alone, see guards.ts
  'server/demo': {
    may: [contract, 'server/store'],
    packages: [
      'hono',
      'oidc-provider',
      'preact', // the shop's page
      'node:crypto',
      'node:http', // types of the listener it hangs on, see guards.ts
      'node:sqlite', // the sandbox partners' own file
    ],
  },
  // the composition root
  'server/main.ts': { may: ['*'], packages: ['*'] },
  'server/app.ts': { may: ['*'], packages: ['*'] },
  'server/hub.ts': { may: ['*'], packages: ['*'] },
  'server/demo.ts': { may: ['*'], packages: ['*'] },
  'server/data-folder.ts': { may: ['*'], packages: ['*'] },
  'server/commands': { may: ['*'], packages: ['*'] },
  'server/setup.mjs': { may: [], packages: ['node:child_process', 'node:crypto', 'node:fs'] },
  'server/vite.config.ts': { may: [], packages: ['vite'] },
  'server/web/widget/vite.config.ts': { may: [], packages: ['vite', 'node:path'] },
};

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
