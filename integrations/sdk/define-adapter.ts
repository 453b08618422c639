import type * as z from 'zod/mini';
import type { Capability, Manifest } from '#contract/connection.ts';
import type { Purpose } from '#contract/consent.ts';
import type { Field } from '#contract/visitor.ts';
import type { KeyAuth, OauthLoginAuth, OidcLoginAuth } from './auth.ts';
import type { Oauth2Auth } from './oauth-facts.ts';
import type { Happened, WebhookFacts } from './webhook.ts';

/** What is said of every partner, whichever way data goes. Data only: no function may stand here (DESIGN.md 3). */
interface Facts {
  /** Folder name and provider id, kebab-case. */
  id: string;
  name: string;
  docs: string;
  policy: string;
  recipient: {
    legalName: string;
    address: string;
    countries: string[];
    role: 'processor' | 'third_party';
    retention: string;
  };
  /** Why data may be shared at all; with `legal_obligation` the law must be cited (GATE.md D04, D05). */
  basis: Manifest['basis'];
  legalCitation: string;
  /** True when this sharing counts as a sale of personal data (GATE.md d). */
  sale: boolean;
  /** Set where the recipient works on it with AI: data sheet, question and terms then say so (R30). */
  ai?: true;
  /** Host names this adapter may reach, those of `auth` included. */
  hosts: string[];
  /** "POST /crm/v3/objects/notes"; `{x}` stands for one path segment. Anything else is refused before DNS. */
  calls: string[];
  erase: { steps: string; remains: string };
  verification:
    | 'real server'
    | 'real server (oidc-provider)'
    | 'vendor description + vendor SDK'
    | 'vendor description only'
    | 'sandbox only';
}

/** A partner that data is sent to after an admin signed in there (OAuth 2), and how it is reached. */
export interface OauthFacts extends Facts {
  auth: Oauth2Auth;
  /** Origin every path of this adapter is resolved against; with `auth.apiFrom`, the one a sandbox account lives on. */
  api: string;
  /** Requests allowed per period, as the partner states them. */
  rate: { requests: number; perSeconds: number };
  /** True when sending the same share twice has the effect of sending it once (GATE.md e.2.8). */
  idempotent: boolean;
  /** Where the adapter puts each field, in the partner's own words for it; a field may be left out. */
  targets?: Partial<Record<Field, string>>;
  /**
   * Where the partner's own site shows one contact, for an agent who has it open (R78): `{account}` and `{record}` stand
   * for one path segment each, the account's id and what `record` of Delivered is. Every path names both, so that the
   * same number in another account is nobody. Compared with an address only; never called.
   */
  recordPage?: { host: string; paths: string[] };
  /** Calls it makes to us; declared together with the handler `webhook`, or not at all. */
  webhook?: WebhookFacts;
}

/** A partner that is let in by a secret typed here; with `webhook_only` nothing is sent, so `api` and `calls` are empty. */
export type KeyFacts = Omit<OauthFacts, 'auth'> & { auth: KeyAuth };

/** A partner that data is sent to, whichever way it lets us in (R2). */
export type AdapterFacts = OauthFacts | KeyFacts;

type AnyFacts = AdapterFacts | LoginFacts;
const visitorsOwn = (facts: AnyFacts): facts is LoginFacts => facts.auth.kind.endsWith('_login');

/** Whether an admin signs in at the partner. */
export const isOauth = (facts: AnyFacts): facts is OauthFacts => facts.auth.kind === 'oauth2';

/** Whether visitors sign in there by OpenID Connect. */
export const isOidc = (facts: AnyFacts): facts is LoginFacts<OidcLoginAuth> => facts.auth.kind === 'oidc_login';

/** Whether an admin types the key here. */
export const isKeyed = (facts: AnyFacts): facts is KeyFacts => !isOauth(facts) && !visitorsOwn(facts);

/**
 * A partner that visitors sign in at, and to which the hub sends nothing about them (R2, R21). `calls` stays
 * empty, as no adapter code runs; what the sign-in itself asks there stands in `auth`, or in a discovery document.
 */
export interface LoginFacts<A extends OidcLoginAuth | OauthLoginAuth = OidcLoginAuth | OauthLoginAuth> extends Facts {
  auth: A;
}

/** One declared field: what for, whether the handler needs it, and the words the visitor reads after "to". */
export interface Share {
  purpose: Purpose;
  need?: true;
  because: string;
}
type Shares = Partial<Record<Field, Share>>;

/** A field of a person that free text is not. */
type Combinable = Exclude<Field, 'transcript'>;

/** Something that comes back and may be added to the person's record, once they said yes to that by itself (R22). */
export interface Received {
  because: string;
  field: Combinable;
}

type FieldsOf<S extends Shares, P> = { [F in keyof S]: S[F] extends { purpose: P } ? F : never }[keyof S];
type Needed<S extends Shares, F extends keyof S> = { [K in F]: S[K] extends { need: true } ? K : never }[F];

/** The visitor a handler for purpose P is handed: declared fields of that purpose only; needed ones are sure to be there. */
export type VisitorFor<S extends Shares, P> = { readonly [F in Needed<S, FieldsOf<S, P>>]: string } & {
  readonly [F in Exclude<FieldsOf<S, P>, Needed<S, FieldsOf<S, P>>>]?: string;
};

/** Options of one call; the answer is parsed with `returns` before the handler sees it. */
export interface CallOptions<T extends z.ZodMiniType> {
  body?: unknown;
  returns: T;
}
type PartnerCall = <T extends z.ZodMiniType>(path: string, options: CallOptions<T>) => Promise<z.infer<T>>;

/** The only way out: paths of the call list, host and token added by the hub. Rejects with PartnerError. */
export interface Partner {
  get: PartnerCall;
  post: PartnerCall;
  put: PartnerCall;
  patch: PartnerCall;
  delete: PartnerCall;
  /** The reference this partner gave for this person at an earlier send. */
  readonly record?: string;
  /** The chat this share belongs to: its number in the brand, and when the share was made (ISO 8601, minute). */
  readonly chat: { readonly number: number; readonly at: string };
  /** The same at each try of one share: for partners that take an idempotency key. */
  readonly key: string;
}

/** Words an add-on offers for the reply: plain text, put in by the agent's own press and sent by nobody else (R72). */
export interface Draft {
  /** What it is about, in a few words. */
  label: string;
  text: string;
}

/** What a handler reports: the partner's reference for the person, lines for the card, and words for the reply. */
export interface Delivered {
  record?: string;
  card?: { label: string; value: string }[];
  /** At most 5, each up to 1,000 characters; drawn on the card as buttons. Anything else an adapter asks for is refused. */
  drafts?: Draft[];
  /** What the partner knows of the person; only fields that `receives` names count. Shown on the card, combined after a yes. */
  values?: { readonly [F in Combinable]?: string };
}

/** A whole adapter: one declaration, four readers (DESIGN.md 3). */
export interface Adapter<S extends Shares = Shares, F extends Facts = AdapterFacts> {
  facts: F;
  shares: S;
  /** What comes back from the partner, by label, and what for; with a field it may be combined after a yes of its own. */
  receives: Record<string, string | Received>;
  on: { [P in Purpose]?: (visitor: VisitorFor<S, P>, partner: Partner) => Promise<Delivered> };
  erase: Capability;
  rectify: Capability;
  restrict: Capability;
  suppress: Capability;
  /** Says what one event came to, nothing where it is of no use here; parse it, it was written outside. Calls nobody. */
  webhook?: (event: unknown) => Happened | undefined;
}

/** An adapter that shares, whatever it declares; handlers can be run by the sandbox only. */
export type SharingAdapter = Omit<Adapter, 'on'> & {
  on: { [P in Purpose]?: (visitor: never, partner: Partner) => Promise<Delivered> };
};
/** A visitors' sign-in: it brings in and shares nothing, so it has neither shares nor handlers. */
export type LoginAdapter = Adapter<Record<never, never>, LoginFacts>;
/** Any adapter of the catalogue. */
export type AnyAdapter = SharingAdapter | LoginAdapter;

/** Which of the two kinds an adapter is. */
export const isLogin = (adapter: AnyAdapter): adapter is LoginAdapter => visitorsOwn(adapter.facts);

/** The other kind. */
export const isSharing = (adapter: AnyAdapter): adapter is SharingAdapter => !isLogin(adapter);

/** Declares an adapter; a field that is not in the contract, a missing erase, rectify, restrict or suppress is a type error (R13, R81). */
export const defineAdapter = <const S extends Shares>(
  adapter: Adapter<S> & { shares: { [F in Exclude<keyof S, Field>]: `${F & string} is no field of the contract` } },
): Adapter<S> => adapter;

/** Declares a visitors' sign-in; a share of its own is a type error. */
export const defineLogin = (adapter: LoginAdapter): LoginAdapter => adapter;
