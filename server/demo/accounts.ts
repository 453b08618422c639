/** An account a person may connect at a sandbox partner; the ids have the form HubSpot's description gives them. */
export interface SandboxAccount {
  /** HubSpot's account number: an int32 in its description. */
  hubId: number;
  name: string;
  domain: string;
  user: string;
  userId: number;
}

/** Two accounts, so that the confirm page and the same-account rule (R6) can be tried. */
export const sandboxAccounts: readonly SandboxAccount[] = Object.freeze([
  {
    hubId: 4810000,
    name: 'Harbor Motors sandbox',
    domain: 'harbor-motors-sandbox.example',
    user: 'maria.lund@harbor.example',
    userId: 481,
  },
  {
    hubId: 4820000,
    name: 'Other company sandbox',
    domain: 'other-company-sandbox.example',
    user: 'admin@other-company.example',
    userId: 482,
  },
]);

/** The account with this id as the authorization server stores it, or undefined. */
export const accountOf = (accountId: string): SandboxAccount | undefined =>
  sandboxAccounts.find((account) => String(account.hubId) === accountId);
