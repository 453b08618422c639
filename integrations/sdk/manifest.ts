import type { DataSheet, DeclaredField, Manifest } from '#contract/connection.ts';
import { fieldNames, visitorFields } from '#contract/visitor.ts';
import type { AnyAdapter, SharingAdapter } from './define-adapter.ts';

/** The published declaration of an adapter (GATE.md a): facts and shares, fields in the order people read them. */
export function manifestOf(adapter: AnyAdapter): Manifest {
  const { facts, receives, erase, rectify, restrict, suppress } = adapter;
  const shares: SharingAdapter['shares'] = adapter.shares;
  const fields = fieldNames.flatMap((name): DeclaredField[] => {
    const share = shares[name];
    if (!share) return [];
    const { class: fieldClass, freeText } = visitorFields[name];
    const { purpose, because, need = false } = share;
    // every field class is known here, so 'sensitive' is the one that needs an explicit yes (GATE.md D12)
    const special = (fieldClass as string) === 'sensitive';
    return [{ name, class: fieldClass, purpose, need, because, special, freeText }];
  });
  const { legalName, address, countries, role, retention } = facts.recipient;
  return {
    provider: facts.id,
    name: facts.name,
    fields,
    basis: facts.basis,
    legalCitation: facts.legalCitation,
    role,
    sale: facts.sale,
    recipient: { legalName, address, countries: [...countries] },
    retention,
    policy: facts.policy,
    hosts: [...facts.hosts],
    calls: [...facts.calls],
    receives: Object.entries(receives).map(([label, because]) => `${label}: ${because}`),
    capabilities: { erase, rectify, restrict, suppress },
  };
}

/** What an admin reads before connecting (R14): the manifest, docs, scopes and how sure the tests are. */
export const dataSheetOf = (adapter: AnyAdapter): DataSheet => ({
  ...manifestOf(adapter),
  docs: adapter.facts.docs,
  scopes: [...adapter.facts.auth.scopes],
  verification: adapter.facts.verification,
});
