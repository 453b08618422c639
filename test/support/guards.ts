import type { Module, Source } from './law.ts';

/** The composition root and the commands are imported by nobody but one another. */
export const rootImported = (root: readonly string[], all: readonly Module[]): string[] =>
  all
    .filter((m) => !root.some((zone) => m.path === zone || m.path.startsWith(`${zone}/`)))
    .flatMap((m) =>
      m.imports
        .filter(({ file }) => root.some((zone) => file === zone || file?.startsWith(`${zone}/`)))
        .map(({ name }) => `${m.path} imports ${name}`),
    );

/** Files over 300 lines (DESIGN.md 6). */
export const tooLong = (all: readonly Source[]): string[] =>
  all
    .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > 300)
    .map(({ path, lines }) => `${path}: ${lines} lines`);

/** Adapters that load something at run time. */
export const dynamicAdapters = (all: readonly Module[]): string[] =>
  all
    .filter((m) => m.path.startsWith('integrations/'))
    .filter((m) => m.imports.some((i) => i.dynamic) || m.free.has('require') || m.free.has('eval'))
    .map((m) => m.path);

/** Files that may reach the network or start a program (SECURITY.md EG2). */
const atTheDoor = /^server\/(egress|commands)\/|^server\/setup\.mjs$/;
const network = /^(node:)?(https?|http2|net|tls|dns|dgram|child_process|cluster)(\/|$)/;
/** Values that open nothing, by module. */
const harmless: Record<string, readonly string[]> = { 'node:net': ['isIP', 'BlockList'] };
const listener = { file: 'server/main.ts', name: 'node:http', values: ['createServer'] };

/** What reaches out elsewhere than at the door: modules taken by value, and `fetch` outside the pages' own scripts. */
export const reachesOut = (all: readonly Module[]): string[] =>
  all
    .filter((m) => m.path.startsWith('server/') && !atTheDoor.test(m.path))
    .flatMap((m) => [
      ...m.imports
        .filter(({ name }) => network.test(name))
        .filter(({ name }) => m.path !== listener.file || name !== listener.name)
        .filter(({ name, values }) => values.some((value) => !harmless[name]?.includes(value)))
        .map(({ name }) => `${m.path}: ${name}`),
      ...[...m.free]
        .filter((name) => /^(fetch|XMLHttpRequest|WebSocket|EventSource|sendBeacon)$/.test(name))
        .filter(() => !m.path.startsWith('server/web/'))
        .map((name) => `${m.path}: ${name}`),
    ]);

/** Files outside egress that take the packages with which egress speaks to partners. */
export const doorPackages = (all: readonly Module[]): string[] =>
  all
    .filter((m) => !m.path.startsWith('server/egress/'))
    .flatMap((m) => m.imports.filter(({ name }) => /^(undici|oauth4webapi)(\/|$)/.test(name)).map(() => m.path));

/** The files in which a partner's secret is ever in clear, and the hub's root secret. */
const opensSecrets =
  /^server\/(egress\/(vault|tokens|token-store|refresh|revoker|oauth-tokens|key-change)|store\/root)\.ts$/;
/** Who puts the hub together may hand them on; `data-folder.ts` alone makes the vault and opens the root. */
const handsOn: Record<string, readonly string[]> = {
  'server/hub-options.ts': [],
  'server/hub-egress.ts': ['createTokens', 'createRevoker'],
  'server/hub-key.ts': ['changeHubKey', 'writeRoot'],
  'server/data-folder.ts': ['createVault', 'vaultIdOf', 'openRoot', 'writeRoot', 'rootRow', 'checkRow'],
};

/** Who could open a token outside egress: an import of what opens one, types included, or a call of the vault (control 1). */
export const opensTokens = (all: readonly Module[]): string[] =>
  all
    .filter((m) => !m.path.startsWith('server/egress/'))
    .flatMap((m) => [
      ...m.imports
        .filter(({ file }) => opensSecrets.test(file ?? ''))
        .filter(({ values }) => !handsOn[m.path] || values.some((value) => !handsOn[m.path]?.includes(value)))
        .map(({ name }) => `${m.path} imports ${name}`),
      ...(/\bvault\s*\??\.\s*(open|seal)\b|\bvault\s*\[/.test(m.text) ? [`${m.path} asks the vault`] : []),
    ]);

const markup =
  /dangerouslySetInnerHTML|\b(inner|outer)HTML\s*[+|&?]*=(?!=)|insertAdjacentHTML|document\.write|setHTMLUnsafe|createContextualFragment|\bsrcdoc\b/;
/** Files in which text becomes markup (SECURITY.md 4.8), scripts kept in strings included. */
export const makesMarkup = (all: readonly Module[]): string[] =>
  all.filter((m) => markup.test(m.text)).map((m) => m.path);

/** Exported declarations without a docstring. */
export const undocumented = (all: readonly Module[]): string[] =>
  all.flatMap((m) => m.bare.map((name) => `${m.path}: ${name}`));
