import type { DataSheet, DeclaredField, Manifest, Way } from '#contract/connection.ts';
import { combinePurpose } from '#contract/consent.ts';
import { type Field, fieldNames, visitorFields } from '#contract/visitor.ts';
import { askedBy } from './auth.ts';
import { type AnyAdapter, isLogin, type SharingAdapter } from './define-adapter.ts';

/** One declared field; its class and kind are the contract's. Every class is known here: 'sensitive' needs an explicit yes (D12). */
function fieldOf(name: Field, as: Pick<DeclaredField, 'purpose' | 'need' | 'because' | 'receives'>): DeclaredField {
  const { class: fieldClass, freeText } = visitorFields[name];
  return { name, class: fieldClass, ...as, special: (fieldClass as string) === 'sensitive', freeText };
}

/** The published declaration of an adapter (GATE.md a): facts and shares, fields in the order people read them. */
export function manifestOf(adapter: AnyAdapter): Manifest {
  const { facts, receives, erase, rectify, restrict, suppress } = adapter;
  const shares: SharingAdapter['shares'] = adapter.shares;
  const fields = fieldNames.flatMap((name): DeclaredField[] => {
    const share = shares[name];
    if (!share) return [];
    const { purpose, because, need = false } = share;
    return [fieldOf(name, { purpose, need, because })];
  });
  const coming = Object.entries(receives).map(([label, what]) => ({
    label,
    ...(typeof what === 'string' ? { because: what, field: undefined } : what),
  }));
  const back = coming.flatMap(({ field, because }) =>
    field ? [fieldOf(field, { purpose: combinePurpose, need: false, because, receives: true })] : [],
  );
  const { legalName, address, countries, role, retention } = facts.recipient;
  return {
    provider: facts.id,
    name: facts.name,
    fields: [...fields, ...back],
    basis: facts.basis,
    legalCitation: facts.legalCitation,
    role,
    sale: facts.sale,
    recipient: { legalName, address, countries: [...countries] },
    retention,
    policy: facts.policy,
    hosts: [...facts.hosts],
    calls: [...facts.calls],
    receives: coming.map(({ label, because }) => `${label}: ${because}`),
    ...('targets' in facts && facts.targets ? { targets: facts.targets } : {}),
    ...(facts.ai ? { ai: true as const } : {}),
    capabilities: { erase, rectify, restrict, suppress },
  };
}

/** How its connection is let in. */
function wayOf({ kind }: AnyAdapter['facts']['auth']): Way {
  if (kind === 'oauth2') return 'signin';
  if (kind === 'oidc_login' || kind === 'oauth_login') return 'login';
  return kind === 'webhook_only' ? 'incoming' : 'key';
}

/** What an admin reads before connecting (R14): the manifest, docs, scopes and how sure the tests are. */
export const dataSheetOf = (adapter: AnyAdapter): DataSheet => ({
  ...manifestOf(adapter),
  way: wayOf(adapter.facts.auth),
  docs: adapter.facts.docs,
  scopes: [...(('scopes' in adapter.facts.auth && adapter.facts.auth.scopes) || [])],
  asks: isLogin(adapter) ? askedBy(adapter.facts.auth) : [],
  verification: adapter.facts.verification,
});
