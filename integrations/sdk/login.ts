import { type AnyAdapter, isLogin, type LoginFacts } from './define-adapter.ts';

/** Whose sign-in it is: a standard fits many providers, so the operator names one, and the demo its own (R2, R15). */
export interface LoginProvider extends Pick<LoginFacts, 'name' | 'docs' | 'policy' | 'recipient' | 'hosts'> {
  issuer: string;
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
    if (!provider) return [];
    const { issuer, ...who } = provider;
    return [{ ...adapter, facts: { ...adapter.facts, ...who, auth: { ...adapter.facts.auth, issuer } } }];
  });
