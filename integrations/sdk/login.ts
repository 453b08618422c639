import { type AnyAdapter, isLogin, type LoginAdapter, type LoginFacts } from './define-adapter.ts';

/** Whose sign-in it is, as the operator states it: all of it for a standard that fits many, the rest for a known one (R2, R14). */
export interface LoginProvider extends Pick<LoginFacts, 'policy' | 'recipient'> {
  name?: string;
  docs?: string;
  hosts?: string[];
  issuer?: string;
}

function withProvider(adapter: LoginAdapter, { issuer, ...who }: LoginProvider): LoginAdapter {
  const { facts } = adapter;
  const auth = issuer === undefined ? facts.auth : { ...facts.auth, issuer };
  return { ...adapter, facts: { ...facts, ...who, auth } };
}

/**
 * The adapters that can be connected: a visitors' sign-in gets the facts of its provider, and without one it is not in
 * the list at all, since nothing true could stand on its data sheet (R14).
 */
export const withProviders = (
  adapters: readonly AnyAdapter[],
  providerOf: (id: string) => LoginProvider | undefined,
): AnyAdapter[] =>
  adapters.flatMap((adapter): AnyAdapter[] => {
    if (!isLogin(adapter)) return [adapter];
    const provider = providerOf(adapter.facts.id);
    return provider ? [withProvider(adapter, provider)] : [];
  });
