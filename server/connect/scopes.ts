import { type DeclaredField, fieldKey, type ScopeState } from '#contract/connection.ts';
import { type Oauth2Auth, scopesOf, wantedScopes } from '#sdk';
import type { Tx } from '../store/open.ts';
import { type Installed, type Mapping, mappingOf } from './mapping.ts';

type Read = Pick<Tx, 'hot'>;

const authOf = (catalogue: Installed, provider: string): Oauth2Auth | undefined => {
  const auth = catalogue.get(provider)?.facts.auth;
  return auth?.kind === 'oauth2' ? auth : undefined;
};

/** What the partner gave this connection; undefined where that is not known. */
function grantedTo(read: Read, brandId: string, id: string): string[] | undefined {
  const row = read.hot('select scopes_json from integration where id = ? and brand_id = ?').get(id, brandId);
  return row?.scopes_json ? (JSON.parse(row.scopes_json as string) as string[]) : undefined;
}

const onFields = ({ kept, off }: Mapping): DeclaredField[] => kept.fields.filter((f) => !off.includes(fieldKey(f)));

/** Scopes to ask for at a provider: those of the fields the brand has on; at a first connect all (R9). */
export function scopesToAsk(read: Read, auth: Oauth2Auth, brandId: string, provider: string): string[] {
  const row = read.hot('select id from integration where brand_id = ? and provider = ?').get(brandId, provider);
  return wantedScopes(auth, row && onFields(mappingOf(read, brandId, row.id as string)));
}

/** Keys of the fields that a scope is missing for: they are neither asked for nor sent (SECURITY.md OA11). */
export function lackingOf(
  read: Read,
  catalogue: Installed,
  { brandId, id, provider }: Pick<Mapping, 'brandId' | 'id' | 'provider'>,
  fields: readonly DeclaredField[],
): string[] {
  const auth = authOf(catalogue, provider);
  const granted = grantedTo(read, brandId, id);
  if (!auth || !granted) return [];
  return fields.filter((f) => scopesOf(auth, f).some((scope) => !granted.includes(scope))).map(fieldKey);
}

/** What a connection holds beyond need, and what it was not given, for its page (R9). Raises `not-found`. */
export function scopeStateOf(read: Read, catalogue: Installed, brandId: string, id: string): ScopeState {
  const mapping = mappingOf(read, brandId, id);
  const auth = authOf(catalogue, mapping.provider);
  const granted = grantedTo(read, brandId, id);
  if (!auth || !granted) return { surplus: [], missing: [] };
  const on = onFields(mapping);
  const wanted = wantedScopes(auth, on);
  const missing = wanted.filter((scope) => !granted.includes(scope));
  return {
    surplus: granted.filter((scope) => !wanted.includes(scope)),
    missing: missing.map((scope) => ({
      scope,
      fields: on.filter((f) => scopesOf(auth, f).includes(scope)).map((f) => f.name),
    })),
  };
}
