import type { DeclaredField } from '#contract/connection.ts';
import type { Oauth2Auth } from './oauth-facts.ts';

type Scopes = Pick<Oauth2Auth, 'scopes' | 'scopesFor'>;
type Use = Pick<DeclaredField, 'name' | 'purpose' | 'receives'>;

/** Scopes without which one field cannot be shared, beside those everything needs. What only comes back needs none of its own. */
export const scopesOf = ({ scopesFor = {} }: Scopes, field: Use): readonly string[] =>
  field.receives
    ? []
    : [...(scopesFor[field.purpose as keyof typeof scopesFor] ?? []), ...(scopesFor[field.name] ?? [])];

/**
 * The scopes to ask for, in the order of the facts: those everything needs, and those of the fields that are on (R9). All of
 * them where nothing is mapped yet.
 */
export function wantedScopes(auth: Scopes, on?: readonly Use[]): string[] {
  if (!on) return [...auth.scopes];
  const tied = new Set(Object.values(auth.scopesFor ?? {}).flat());
  const wanted = new Set(on.flatMap((field) => scopesOf(auth, field)));
  return auth.scopes.filter((scope) => !tied.has(scope) || wanted.has(scope));
}
