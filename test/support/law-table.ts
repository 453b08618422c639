import type { Law } from './law.ts';

const contract = 'server/contract';

/**
 * The import law (DESIGN.md 2). A row may import its own zone and what it names; type-only imports count. Where a row
 * says more than the design's table, the reason stands beside it.
 */
export const lawOf = (partners: readonly string[]): Law => ({
  'server/contract': { may: [], packages: ['zod/mini'] },
  'integrations/sdk': { may: [contract], packages: ['zod/mini'] },
  ...Object.fromEntries(
    partners.map((partner) => [
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
      'server/egress/fence.ts', // an answer ends what is under way, and is written in one transaction with it
      'server/egress/claim.ts',
      'server/egress/ledger.ts',
      'server/egress/combine.ts', // what a partner reported joins the record in the commit of the yes (R22)
      'server/egress/context.ts', // a person's own commitments open to what was sent: the words of their chat
      'server/egress/reference.ts', // what a recipient is told about is the record it gave us
      'server/egress/share-row.ts', // what a send was about
      'server/i18n', // the words of a notice
    ],
    packages: ['node:crypto', 'libphonenumber-js/min'], // identifiers and digests, one spelling of a number; no I/O
  },
  'server/egress': {
    may: [contract, 'integrations/sdk', 'server/gate', 'server/store'],
    packages: [
      'undici',
      'oauth4webapi',
      'nodemailer',
      'jose',
      'standardwebhooks',
      'quickjs-emscripten-core',
      '@jitl/quickjs-wasmfile-release-sync',
      'node:crypto', // from here on the door itself: address checks, the sandbox's thread, its bundle and keys
      'node:diagnostics_channel', // which socket a request went to
      'node:dns',
      'node:fs',
      'node:net',
      'node:tls', // to the mail server
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
      'server/egress/circuit.ts', // health says what the calls came to (R5)
      'server/egress/connector.ts', // connecting is asked of egress, which keeps the tokens
      'server/egress/verify.ts', // so is whether a call is the partner's own
      'server/egress/claim.ts', // ends claims of a connection that is taken away
      'server/egress/ledger.ts', // taking every yes back is one row
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
      'server/i18n', // the words of a transcript, in the visitor's language
    ],
    packages: ['node:crypto', 'bowser', 'mmdb-lib', 'node:net'], // node:net: isIP and BlockList alone, see guards.ts
  },
  'server/people': {
    may: [
      contract,
      'server/consent',
      'server/gate',
      'server/store',
      'server/egress/mail.ts', // the outbox is handed to the mail server through egress
      'server/egress/schedule.ts', // one schedule of tries for all that is sent
    ],
    packages: ['better-auth', '@better-auth/utils', 'node:crypto'],
  },
  'server/rights': {
    may: [
      contract,
      'server/consent',
      'server/gate',
      'server/store',
      'server/egress/fence.ts', // what a person is told of is what left, the very last of it included
      'server/egress/reference.ts', // a copy holds what a partner gave back
    ],
    packages: ['fflate'], // the copy is one file
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
      'server/rights',
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
      'server/gate/openings.ts',
      'server/gate/receipt-check.ts',
    ],
    packages: ['preact', 'preact-render-to-string', 'uqr'],
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
  'server/hub-egress.ts': { may: ['*'], packages: ['*'] },
  'server/hub-options.ts': { may: ['*'], packages: ['*'] },
  'server/demo.ts': { may: ['*'], packages: ['*'] },
  'server/data-folder.ts': { may: ['*'], packages: ['*'] },
  'server/country-files.ts': { may: ['*'], packages: ['*'] },
  'server/hub-key.ts': { may: ['*'], packages: ['*'] },
  'server/key-files.ts': { may: ['server/env.ts'], packages: ['node:crypto', 'node:fs', 'node:path'] },
  'server/commands': { may: ['*'], packages: ['*'] },
  'server/setup.mjs': { may: [], packages: ['node:child_process', 'node:crypto', 'node:fs'] },
  'server/vite.config.ts': { may: [], packages: ['vite'] },
  'server/web/widget/vite.config.ts': { may: [], packages: ['vite', 'node:path'] },
});
