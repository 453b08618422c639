/** The parts of oidc-provider 9.13 the demo uses; the package ships no types. */
declare module 'oidc-provider/lib/provider.js' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  /** What a stored model looks like to an adapter. */
  export interface StoredPayload {
    grantId?: string;
    uid?: string;
    consumed?: number;
    [key: string]: unknown;
  }
  /** Storage of one model (`AccessToken`, `Grant`, …); `expiresIn` in seconds. */
  export interface StorageAdapter {
    upsert(id: string, payload: StoredPayload, expiresIn?: number): Promise<void>;
    find(id: string): Promise<StoredPayload | undefined>;
    findByUid(uid: string): Promise<StoredPayload | undefined>;
    findByUserCode(code: string): Promise<StoredPayload | undefined>;
    consume(id: string): Promise<void>;
    destroy(id: string): Promise<void>;
    revokeByGrantId(grantId: string): Promise<void>;
  }
  /** The koa context as far as it is read here. */
  export interface ProviderContext {
    status: number;
    type: string;
    body: unknown;
    readonly response: { get(name: string): string | undefined };
    set(name: string, value: string): void;
    /** Absent when no route of the provider matched. */
    readonly oidc?: {
      route: string;
      account?: { accountId: string };
      entities: { Account?: { accountId: string }; AccessToken?: { scopes: Set<string> } };
    };
  }
  interface Token {
    accountId: string;
    clientId: string;
    exp: number;
    /** Set once a refresh token was exchanged for a newer one. */
    consumed?: unknown;
    scopes: Set<string>;
  }
  interface Interaction {
    uid: string;
    params: { client_id: string; scope?: string };
  }
  interface Grant {
    addOIDCScope(scope: string): void;
    save(): Promise<string>;
  }
  /** The authorization server: a koa application. */
  export class Provider {
    constructor(issuer: string, configuration: Record<string, unknown>);
    proxy: boolean;
    callback(): (req: IncomingMessage, res: ServerResponse) => Promise<void>;
    use(middleware: (ctx: ProviderContext, next: () => Promise<void>) => Promise<void>): this;
    on(event: 'server_error', listener: (ctx: ProviderContext, error: Error) => void): this;
    interactionDetails(req: IncomingMessage, res: ServerResponse): Promise<Interaction>;
    /** Stores the answer and gives the address to send the browser on to. */
    interactionResult(
      req: IncomingMessage,
      res: ServerResponse,
      result: Record<string, unknown>,
      options?: { mergeWithLastSubmission: boolean },
    ): Promise<string>;
    readonly AccessToken: { find(value: string): Promise<Token | undefined> };
    readonly RefreshToken: { find(value: string): Promise<Token | undefined> };
    readonly Grant: new (input: {
      accountId: string;
      clientId: string;
    }) => Grant;
  }
}
