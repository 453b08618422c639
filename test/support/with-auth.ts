import { isOauth, type OauthFacts, type SharingAdapter } from '#sdk';

/** The same adapters, those by OAuth with other facts about how the hub is let in. */
export const withAuth =
  (more: Partial<OauthFacts['auth']>) =>
  (list: readonly SharingAdapter[]): SharingAdapter[] =>
    list.map((a) => (isOauth(a.facts) ? { ...a, facts: { ...a.facts, auth: { ...a.facts.auth, ...more } } } : a));
