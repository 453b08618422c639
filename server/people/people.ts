import type { Mailer } from '../egress/mail.ts';
import type { Store } from '../store/open.ts';
import type { RowWorker } from '../store/row-worker.ts';
import { deriveKey } from '../store/seal.ts';
import { type Agents, createAgents } from './agents.ts';
import { createAuth } from './auth.ts';
import { type Csrf, createCsrf } from './csrf.ts';
import { createEndedBell, type EndedBell } from './ended.ts';
import type { Limit } from './limit.ts';
import { members } from './membership.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { createPairing } from './pairing.ts';
import type { Pairing } from './pairing-shape.ts';
import { createPosting, settleUnsure } from './posting.ts';
import { createSecondStep, type SecondStep } from './second-step.ts';
import { type BrandSteps, createBrandSteps } from './second-step-brand.ts';
import { createSignIn, type SignIn } from './sign-in.ts';
import { createWho, type Who } from './who.ts';

/** What `createPeople` needs. */
export interface PeopleDeps {
  store: Store;
  /** 32 random bytes kept outside the database; each use gets a key of its own from it. */
  key: Buffer;
  /** The hub's own origin, as in `http://localhost:8787`. */
  baseUrl: string;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Tries per agent at pairing codes and at second steps, mails per address; limits per client stand in the routes. */
  limits: { guesses: Limit; links: Limit; codes: Limit };
  /** Hands mail to the mail server, where one is set; without it mail waits in the outbox. */
  mailer?: Pick<Mailer, 'hand'> | undefined;
  /** Told when a mail could not be made. */
  onFailure: (error: unknown) => void;
}
/** Agents of brands: who is asking, signing in, pairing, and the mail that waits. */
export interface People extends Who {
  signIn: SignIn;
  pairing: Pairing;
  agents: Agents;
  secondStep: SecondStep;
  brandSteps: BrandSteps;
  outbox: Outbox;
  /** Works the outbox off; absent without a mail server. */
  posting: RowWorker | undefined;
  /** Addresses of a brand's owners and admins: who is told when a connection breaks (R7). */
  admins(brandId: string): string[];
  csrf: Csrf;
  /** Rings when a session, a pairing or a membership ended; `concerns(ended, agent)` says whose stream closes. */
  onEnded: EndedBell['on'];
}

/** Makes all of people/ from one store and one key. */
export function createPeople({ store, key, baseUrl, now, limits, mailer, onFailure }: PeopleDeps): People {
  const bell = createEndedBell();
  const secret = deriveKey(key, 'session cookie').toString('base64url');
  const auth = createAuth({ store, secret, baseUrl, now });
  const outbox = createOutbox({ store, key: deriveKey(key, 'outbox'), now, put: () => posting?.wake() });
  const posting = mailer && createPosting({ store, outbox, mailer, now, onFailure });
  if (posting) void settleUnsure(store).then(posting.wake, onFailure);
  const pairing = createPairing({ store, key: deriveKey(key, 'pairing code'), guesses: limits.guesses, bell, now });
  const signIn = createSignIn({ store, auth, outbox, links: limits.links, bell, baseUrl, now, onFailure });
  return {
    ...createWho({ store, auth, pairing, now }),
    signIn,
    pairing,
    agents: createAgents({ store, auth, pairing, signIn, bell, now }),
    secondStep: createSecondStep({ store, auth, signIn, pairing, codes: limits.codes, bell, now }),
    brandSteps: createBrandSteps({ store, pairing, bell, now }),
    outbox,
    posting,
    admins: (brandId) =>
      members(store, brandId)
        .filter((m) => m.role === 'owner' || m.role === 'admin')
        .map((m) => m.email),
    csrf: createCsrf(deriveKey(key, 'csrf'), baseUrl),
    onEnded: bell.on,
  };
}
