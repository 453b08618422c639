import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { parseSync } from 'vite';

/** One source file as the law sees it. */
export interface Source {
  /** From the repository's root, with forward slashes. */
  path: string;
  text: string;
}

/** One import, re-export, `import()` or `import('…').Type`. */
interface Import {
  /** As written. */
  name: string;
  /** The file it means, from the root; undefined for a package or a Node module. */
  file: string | undefined;
  /** The names taken by value; `*` for all of them. Empty where only types are taken. */
  values: string[];
  dynamic: boolean;
}

/** A source, read. */
export interface Module extends Source {
  imports: Import[];
  /** Names used that nothing in the file declares by import: enough to see `fetch`. */
  free: Set<string>;
  /** Exported declarations without a docstring. */
  bare: string[];
}

type Node = { type: string; start: number; end: number } & Record<string, unknown>;
const isNode = (x: unknown): x is Node => typeof x === 'object' && x !== null && typeof (x as Node).type === 'string';

/** Keys that only name a property, in code and in types. */
const named: Record<string, string> = {
  MemberExpression: 'property',
  Property: 'key',
  PropertyDefinition: 'key',
  MethodDefinition: 'key',
  TSPropertySignature: 'key',
  TSMethodSignature: 'key',
};

function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const [key, value] of Object.entries(node)) {
    if (named[node.type] === key && !node.computed && !node.shorthand) continue;
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) walk(child, visit);
  }
}

const text = (node: unknown): string => (isNode(node) ? String(node.value ?? node.name ?? '') : '');

function fileOf(from: string, name: string): string | undefined {
  if (name === '#sdk') return 'integrations/sdk/index.ts';
  if (name.startsWith('#contract/')) return name.replace('#contract/', 'server/contract/');
  if (name.startsWith('.')) return posix.join(dirname(from), name.replace(/\?.*$/, ''));
  return undefined;
}

/** Reads one source with the parser that also bundles it. Throws where it does not parse. */
export function readModule({ path, text: code }: Source): Module {
  const { program, comments, errors } = parseSync(path, code);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const module: Module = { path, text: code, imports: [], free: new Set(), bare: [] };
  const take = (source: unknown, values: string[], dynamic = false) => {
    const name = isNode(source) && typeof source.value === 'string' ? source.value : '';
    module.imports.push({ name, file: fileOf(path, name), values, dynamic });
  };
  walk(program as unknown as Node, (node) => {
    if (node.type === 'Identifier') module.free.add(String(node.name));
    if (node.type === 'ImportExpression') take(node.source, ['*'], true);
    if (node.type === 'TSImportType') take(node.source, []);
    if (node.type === 'ExportAllDeclaration') take(node.source, node.exportKind === 'type' ? [] : ['*']);
    if ((node.type === 'ImportDeclaration' || node.type === 'ExportNamedDeclaration') && isNode(node.source)) {
      const whole = (node.importKind ?? node.exportKind) === 'type';
      const specifiers = node.specifiers as Node[];
      const values = specifiers.filter((s) => !whole && (s.importKind ?? s.exportKind) !== 'type');
      const names = values.map((s) => text(s.imported ?? s.local) || '*');
      take(node.source, specifiers.length === 0 && !whole ? ['*'] : names);
    }
    if (node.type === 'ExportNamedDeclaration' && isNode(node.declaration)) {
      const before = comments.findLast((c) => c.end <= node.start);
      const documented = before?.value.startsWith('*') && code.slice(before.end, node.start).trim() === '';
      const [first] = (node.declaration.declarations as Node[] | undefined) ?? [node.declaration];
      if (!documented) module.bare.push(text(first?.id));
    }
  });
  return module;
}

/** Every source in these folders and files, those Git ignores left out by being elsewhere. */
export function readSources(...places: string[]): Source[] {
  const walkFolder = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory()
        ? entry.name === 'output'
          ? []
          : walkFolder(join(folder, entry.name))
        : [join(folder, entry.name)],
    );
  return places
    .filter((place) => existsSync(place))
    .flatMap(walkFolder)
    .filter((file) => /\.(ts|tsx|mjs)$/.test(file))
    .map((file) => ({ path: relative('.', file).replaceAll('\\', '/'), text: readFileSync(file, 'utf8') }));
}

/** A row of the law: what the files of a zone may name, beyond one another. */
interface Row {
  /** Folders or single files. */
  may: readonly string[];
  packages: readonly string[];
}

/** The import law: a zone is a folder or a file; the longest that fits a path is its zone. */
export type Law = Readonly<Record<string, Row>>;

const within = (place: string, path: string) => path === place || path.startsWith(`${place}/`);

/** The zone of a path; undefined where the law does not know it. */
const zoneOf = (law: Law, path: string): string | undefined =>
  Object.keys(law)
    .filter((zone) => within(zone, path))
    .sort((a, b) => b.length - a.length)[0];

/** Every import the law does not allow, one line each. A file that stands in no zone is one too. */
export function breaches(law: Law, modules: readonly Module[]): string[] {
  return modules.flatMap((module) => {
    const zone = zoneOf(law, module.path);
    const row = zone === undefined ? undefined : law[zone];
    if (zone === undefined || !row) return [`${module.path} stands in no folder of the law`];
    return module.imports.flatMap(({ name, file }) => {
      // a sheet is imported for its place in the bundle
      const allowed = file
        ? zoneOf(law, file) === zone || row.may.some((place) => place === '*' || within(place, file))
        : row.packages.some((p) => p === '*' || within(p, name));
      return allowed ? [] : [`${module.path} may not import ${name}`];
    });
  });
}

/** Permissions for single files that nothing uses any more. */
export function unusedPermits(law: Law, modules: readonly Module[]): string[] {
  return Object.entries(law).flatMap(([zone, row]) => {
    const taken = new Set(
      modules.filter((m) => zoneOf(law, m.path) === zone).flatMap((m) => m.imports.map((i) => i.file)),
    );
    return row.may.filter((place) => /\.tsx?$/.test(place) && !taken.has(place)).map((place) => `${zone}: ${place}`);
  });
}

/** Circles of imports, type-only ones included, each named once by its files in order. */
export function circles(modules: readonly Module[]): string[] {
  const edges = new Map(modules.map((m) => [m.path, m.imports.flatMap((i) => i.file ?? [])]));
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, way: string[]) => {
    if (way.includes(path)) found.push([...way.slice(way.indexOf(path)), path].join(' > '));
    if (done.has(path) || way.includes(path)) return;
    for (const next of edges.get(path) ?? []) visit(next, [...way, path]);
    done.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  return found;
}
