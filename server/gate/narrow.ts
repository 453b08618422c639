import {
  type Capability,
  type DeclaredField,
  fieldKey,
  type Manifest,
  type ManifestChange,
  type ManifestFact,
} from '#contract/connection.ts';

const sameUse = (a: DeclaredField, b: DeclaredField): boolean =>
  fieldKey(a) === fieldKey(b) && Boolean(a.receives) === Boolean(b.receives);
const has = (fields: readonly DeclaredField[], f: DeclaredField): boolean => fields.some((x) => sameUse(x, f));
const both = (before: readonly string[], now: readonly string[]): string[] => before.filter((x) => now.includes(x));
const strength: readonly Capability[] = ['none', 'manual', 'api'];
const weaker = (a: Capability, b: Capability): Capability => (strength.indexOf(a) <= strength.indexOf(b) ? a : b);

/**
 * What of an approved manifest the add-on of today still declares (R86): less is taken at once, more never. A field keeps
 * its old declaration to the byte, and so do recipient, countries and retention: a yes that was given to these terms holds
 * (GATE.md k.1). Targets say where the installed code writes, so they are always its own.
 */
export function keptOf(approved: Manifest, installed: Manifest): Manifest {
  const { targets: _, ...rest } = approved;
  const can = (right: keyof Manifest['capabilities']) =>
    weaker(approved.capabilities[right], installed.capabilities[right]);
  return {
    ...rest,
    fields: approved.fields.filter((f) => has(installed.fields, f)),
    // A basis that needs no yes is not kept against an add-on that now asks for one.
    basis: installed.basis === 'consent' ? 'consent' : approved.basis,
    legalCitation: installed.legalCitation === '' ? '' : approved.legalCitation,
    hosts: both(approved.hosts, installed.hosts),
    calls: both(approved.calls, installed.calls),
    receives: both(approved.receives, installed.receives),
    ...(installed.targets ? { targets: installed.targets } : {}),
    capabilities: {
      erase: can('erase'),
      rectify: can('rectify'),
      restrict: can('restrict'),
      suppress: can('suppress'),
    },
  };
}

/** Purposes whose share cannot run: the installed add-on needs a field that is not there, or not as a needed one (k.2). */
export function heldPurposes(on: readonly DeclaredField[], installed: Manifest): Set<string> {
  const lacking = installed.fields.filter((n) => n.need && !on.some((f) => sameUse(f, n) && f.need));
  return new Set(lacking.map((f) => f.purpose));
}

/** The manifest a connection publishes: what is kept, without the fields the brand turned off (R13) and shares that cannot run. */
export function narrowedOf(kept: Manifest, off: readonly string[], installed: Manifest): Manifest {
  const on = kept.fields.filter((f) => !off.includes(fieldKey(f)));
  const held = heldPurposes(on, installed);
  return { ...kept, fields: on.filter((f) => !held.has(f.purpose)) };
}

const facts: Record<ManifestFact, (m: Manifest) => string> = {
  name: (m) => m.name,
  legalName: (m) => m.recipient.legalName,
  address: (m) => m.recipient.address,
  role: (m) => m.role,
  sale: (m) => (m.sale ? 'yes' : 'no'),
  ai: (m) => (m.ai ? 'yes' : 'no'),
  retention: (m) => m.retention,
  policy: (m) => m.policy,
  basis: (m) => m.basis,
  legalCitation: (m) => m.legalCitation,
  erase: (m) => m.capabilities.erase,
  rectify: (m) => m.capabilities.rectify,
  restrict: (m) => m.capabilities.restrict,
  suppress: (m) => m.capabilities.suppress,
};
const lists = {
  country: (m: Manifest) => m.recipient.countries,
  call: (m: Manifest) => m.calls,
  host: (m: Manifest) => m.hosts,
  receives: (m: Manifest) => m.receives,
} as const;

const sameDeclaration = (a: DeclaredField, b: DeclaredField): boolean =>
  a.class === b.class &&
  a.need === b.need &&
  a.because === b.because &&
  a.special === b.special &&
  a.freeText === b.freeText;

/** Every difference from one manifest to another, fields first, in the order of the declarations; targets are none. */
export function differences(from: Manifest, to: Manifest): ManifestChange[] {
  const found: ManifestChange[] = [];
  for (const field of to.fields) {
    const before = from.fields.find((f) => sameUse(f, field));
    const newPurpose = from.fields.every((f) => f.purpose !== field.purpose);
    if (!before) found.push({ kind: 'added', what: 'field', field, ...(newPurpose ? { newPurpose } : {}) });
    else if (!sameDeclaration(before, field)) found.push({ kind: 'changed', what: 'field', field, before });
  }
  for (const field of from.fields) if (!has(to.fields, field)) found.push({ kind: 'removed', what: 'field', field });
  for (const [what, of] of Object.entries(lists) as [keyof typeof lists, (m: Manifest) => string[]][]) {
    const [old, fresh] = [of(from), of(to)];
    found.push(...fresh.filter((v) => !old.includes(v)).map((value) => ({ kind: 'added' as const, what, value })));
    found.push(...old.filter((v) => !fresh.includes(v)).map((value) => ({ kind: 'removed' as const, what, value })));
  }
  for (const [what, of] of Object.entries(facts) as [ManifestFact, (m: Manifest) => string][])
    if (of(from) !== of(to)) found.push({ kind: 'changed', what, before: of(from), after: of(to) });
  return found;
}
