import type { AnyAdapter } from '#sdk';
import type { Http } from '../egress/http.ts';
import { createMailer, type Greeting } from '../egress/mail.ts';
import { type Reached, reach } from '../egress/reach.ts';
import type { Environment } from '../env.ts';
import { type Finding, fix, ok } from './doctor-finding.ts';

/** A clock elsewhere: whose, and by how many milliseconds it is ahead of ours. */
export interface OtherClock {
  whose: string;
  ahead: number;
}

/** What checking one partner needs. */
interface PartnerAsk {
  http: Pick<Http, 'dispatch' | 'warm'>;
  env: Pick<Environment, 'client'>;
  /** The environment as it is, for a setting that is half there. */
  raw: Record<string, string | undefined>;
  /** The hub's public origin; none in the demo. */
  origin: string | undefined;
  now: () => Date;
}

const variable = (provider: string, end: 'ID' | 'SECRET') =>
  `ASKFIRST_${provider.toUpperCase().replaceAll('-', '_')}_CLIENT_${end}`;

/** The partner's own page of consent, or its published metadata: both answer a bare GET (RFC 6749 3.1, RFC 8414 3). */
const askedOf = ({ facts: { auth } }: AnyAdapter): string | undefined => {
  if (auth.kind === 'oauth2' || auth.kind === 'oauth_login') return auth.authorize;
  if (auth.kind === 'oidc_login') return `${auth.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  return undefined; // a key is typed in the console: there is no app of the operator's
};

/** Sound: the metadata is there; a consent page may refuse a request without a client, but not break. */
const sound = ({ facts }: AnyAdapter, { status }: Extract<Reached, { ok: true }>): boolean =>
  facts.auth.kind === 'oidc_login' ? status === 200 : status < 500;

/** One OAuth app: set, answering, and its redirect address to copy. No client, token or person is sent. */
export async function checkApp(
  d: PartnerAsk,
  adapter: AnyAdapter,
): Promise<{ findings: Finding[]; clock?: OtherClock }> {
  const { id, name, auth } = adapter.facts;
  const [clientId, secret] = [variable(id, 'ID'), variable(id, 'SECRET')];
  const callback = `/oauth/callback/${id}`;
  if (!d.env.client(id)) {
    const half = d.raw[clientId] || d.raw[secret];
    if (half)
      return { findings: [fix(name, `${d.raw[clientId] ? secret : clientId} is missing: set both or neither.`)] };
    const instead = d.origin ? 'so brands cannot connect it' : 'so the sandbox stands in';
    return { findings: [ok(name, `No app is set, ${instead}; ${clientId} and ${secret} set one.`)] };
  }
  const redirect = d.origin
    ? ok(`${name} callback`, `Register this redirect address there: ${d.origin}${callback}`)
    : fix(
        `${name} callback`,
        `A real app needs a public address: set ASKFIRST_ORIGIN; the address to register ends in ${callback}.`,
      );
  const asked = askedOf(adapter);
  if (asked === undefined) return { findings: [ok(name, 'Each brand types a key of its own in the console.')] };
  const { host } = new URL(asked);
  const answer = await reach(d.http, asked);
  const here = d.now().getTime();
  if (!answer.ok) {
    const why =
      answer.why === 'inside'
        ? 'is an address inside, where egress never goes: correct it'
        : 'does not answer: look at the network and the firewall of this machine';
    return { findings: [fix(name, `${host} ${why}.`), redirect] };
  }
  const clock = answer.at && { whose: host, ahead: answer.at.getTime() - here };
  const found = (finding: Finding) => ({ findings: [finding, redirect], ...(clock ? { clock } : {}) });
  if (!sound(adapter, answer))
    return found(fix(name, `${host} answered ${answer.status}: it has a problem, or the address is wrong.`));
  if (auth.kind === 'oauth2' && !(await d.http.warm(new URL(auth.token).origin)))
    return found(fix(name, `${new URL(auth.token).host} does not answer: look at the firewall of this machine.`));
  return found(
    ok(name, `The app is set, and ${host} answers. Whether its secret is right shows when a brand connects.`),
  );
}

const mailWords: Record<Exclude<Greeting, 'ready'>, string> = {
  refused: 'The mail server refused name and password: correct them in ASKFIRST_SMTP.',
  certificate:
    'The mail server shows no certificate we can trust: in ASKFIRST_SMTP use the name it is for, smtp:// for STARTTLS.',
  unreachable: 'The mail server does not answer: look at host and port in ASKFIRST_SMTP, and at the firewall.',
  odd: 'The mail server answers in a way that cannot be used: look at its log.',
};

/** The mail server: it answers and lets us in; nothing is sent. */
export async function checkMail({ mail, publicOrigin }: Pick<Environment, 'mail' | 'publicOrigin'>): Promise<Finding> {
  if (!mail && publicOrigin)
    return fix('mail', 'No mail can be sent, so nobody can sign in: set ASKFIRST_SMTP and ASKFIRST_MAIL_FROM.');
  if (!mail) return ok('mail', 'None is sent in the demo: links are printed.');
  const answer = await createMailer({ server: mail }).greet();
  return answer === 'ready'
    ? ok('mail', 'The mail server lets us in; nothing was sent.')
    : fix('mail', mailWords[answer]);
}
