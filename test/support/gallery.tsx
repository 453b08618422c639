import type { JSX } from 'preact';
import { Problem } from '#contract/problem.ts';
import { AgentsPage } from '../../server/web/console/agents.tsx';
import { ChangesPage } from '../../server/web/console/changes.tsx';
import { ConfirmPage } from '../../server/web/console/confirm.tsx';
import { Connections } from '../../server/web/console/connections.tsx';
import { DataSheetPage } from '../../server/web/console/data-sheet.tsx';
import { ErrorPage } from '../../server/web/console/error.tsx';
import { LedgerPage } from '../../server/web/console/ledger.tsx';
import { MailPage, OutboxPage } from '../../server/web/console/outbox.tsx';
import { pageStyles, renderPage } from '../../server/web/page.tsx';
import { PreferencesPage } from '../../server/web/preferences/preferences-page.tsx';
import { AskForLink, LinkDead, LinkPage, SignedOut } from '../../server/web/sign-in/sign-in.tsx';
import { ResetPage } from '../../server/web/start/reset-page.tsx';
import type { StepView } from '../../server/web/start/start-page.tsx';
import { StartPage, type StartProps } from '../../server/web/start/start-page.tsx';
import { type StepId, stepOrder } from '../../server/web/start/story.ts';
import { answersGallery } from './gallery-answers.tsx';
import { aroundChatGallery } from './gallery-around-chat.tsx';
import { availabilityGallery } from './gallery-availability.tsx';
import { connectionPages } from './gallery-connection.tsx';
import {
  choice,
  choiceKnows,
  choiceOff,
  frame,
  hubspot,
  ledger,
  nobodyKnown,
  now,
  preferences,
  sheet,
  slack,
} from './gallery-data.ts';
import { fields, upgrade } from './gallery-fields.ts';
import { healthGallery } from './gallery-health.tsx';
import { hooksGallery } from './gallery-hooks.tsx';
import { keysGallery } from './gallery-keys.tsx';
import { killGallery } from './gallery-kill.tsx';
import { languageGallery } from './gallery-language.tsx';
import { loginGallery } from './gallery-login.tsx';
import { lookGallery } from './gallery-look.tsx';
import { noticeGallery } from './gallery-notice.tsx';
import { pairingGallery } from './gallery-pairing.tsx';
import { people } from './gallery-people.ts';
import { rightsGallery } from './gallery-rights.tsx';
import { rulesGallery } from './gallery-rules.tsx';
import { secondStepPages } from './gallery-second-step.tsx';

/** Nonce of the gallery's Content-Security-Policy. */
export const nonce = 'gallery-nonce';

const seen: Partial<Record<StepId, [string, string]>> = {
  opened: ['13:57', 'No cookie, nothing stored, no call to anybody.'],
  wrote: ['13:58', 'Stored before it was acknowledged. Nothing was shared.'],
  answered: ['13:59', 'Jens answered from the panel in Chrome.'],
  connected: ['14:00', 'Harbor Motors Sandbox, by code and PKCE. The key is encrypted.'],
  decided: ['14:01', 'Yes to name and e-mail, no to phone.'],
  sent: ['14:06', 'Two fields left, one was withheld: row 4,812.'],
  withdrew: ['14:09', 'HubSpot is off. One send that was waiting was not sent.'],
};
/** The start page after `n` steps. */
export function startProps(n: number): StartProps {
  const steps = Object.fromEntries(
    stepOrder.map((id, k): [string, StepView] => {
      const [time, what] = seen[id] ?? ['', ''];
      return [id, { href: `/go/${id}`, ...(k < n && { at: `2026-11-22T${time}:00Z`, seen: what }) }];
    }),
  ) as Record<StepId, StepView>;
  return {
    brand: 'Harbor Motors',
    steps,
    partners: [
      { name: 'HubSpot', about: 'A small CRM that speaks the parts of HubSpot’s API the add-on uses.', href: '/crm' },
      { name: 'Sign-in server', about: 'A real authorization server: code, PKCE, rotation, revocation.' },
    ],
    stream: '/start/stream',
    resetHref: '/start/reset',
    panelHref: '/panel',
    consoleHref: '/console',
    extension: { chrome: 'askfirst/.output/chrome-mv3', firefox: 'askfirst/.output/firefox-mv3' },
  };
}

const mail = {
  id: 'm1',
  to: 'maria@harbor.example',
  subject: 'Your sign-in link',
  at: now,
  state: 'waiting' as const,
};
const letter =
  'Hello Maria,\n\nsign in to Harbor Motors here:\nhttp://localhost:8787/sign-in/link?token=sample\n\nIt works once, for 15 minutes.\n';
const offHub = { ...preferences, integrations: [choiceOff, slack] };
const saved = { integration: 'hubspot', stopped: 1 };

type Kind = keyof typeof pageStyles;
const door = { action: '/sign-in', csrf: 'csrf-sample' };
const catalogue = [
  {
    provider: 'hubspot',
    name: 'HubSpot',
    way: 'signin' as const,
    sandbox: true,
    fields: sheet.fields.map((f) => f.name),
    brings: [],
    verification: sheet.verification,
  },
];

/** Every page in every state worth looking at, by name. */
export const gallery: Record<string, [Kind, JSX.Element]> = {
  start: ['start', <StartPage {...startProps(4)} />],
  'start-fresh': ['start', <StartPage {...startProps(0)} />],
  'start-done': ['start', <StartPage {...startProps(7)} />],
  'start-reset': ['start', <ResetPage action="/start/reset" csrf="csrf-sample" backHref="/" />],
  preferences: ['preferences', <PreferencesPage {...preferences} />],
  'preferences-off': ['preferences', <PreferencesPage {...offHub} saved={saved} signal="gpc" />],
  'preferences-failed': ['preferences', <PreferencesPage {...preferences} failed={{ integration: 'hubspot' }} />],
  'preferences-stopped': [
    'preferences',
    <PreferencesPage
      {...preferences}
      stops={{ all: true, profiling: false }}
      about={{ place: '', age: '' }}
      rules={undefined}
      told={{ text: 'Saved: all of this is stopped. Two things that were waiting were not sent.', stored: true }}
    />,
  ],
  'preferences-split': [
    'preferences',
    <PreferencesPage
      {...preferences}
      integrations={[
        {
          ...choiceOff,
          purposes: choiceOff.purposes.map((p, n) =>
            n === 0
              ? p
              : { ...p, state: 'yes', since: now, fields: p.fields.map((f) => ({ ...f, state: 'yes' as const })) },
          ),
        },
      ]}
    />,
  ],
  'preferences-knows': ['preferences', <PreferencesPage {...preferences} integrations={[choiceKnows]} />],
  'preferences-stranger': [
    'preferences',
    <PreferencesPage {...preferences} {...nobodyKnown} integrations={[{ ...slack, purposes: stranger() }]} />,
  ],
  ...languageGallery,
  ...rightsGallery,
  ...loginGallery,
  'sign-in': ['door', <AskForLink {...door} />],
  'sign-in-wrong': ['door', <AskForLink {...door} email="maria" trouble="That is not an e-mail address." />],
  'sign-in-asked': [
    'door',
    <AskForLink {...door} asked outboxHint="No mail server is set: the mail waits in the outbox." />,
  ],
  'sign-in-link': ['door', <LinkPage {...door} token="sample" brand="Harbor Motors" />],
  'sign-in-dead': ['door', <LinkDead askHref="/sign-in" />],
  'signed-out': ['door', <SignedOut signInHref="/sign-in" />],
  error: [
    'door',
    <ErrorPage problem={new Problem('not-allowed').body()} back={{ href: '/console', label: 'Console' }} />,
  ],
  connections: [
    'console',
    <Connections frame={frame} now={now} connections={[hubspot]} catalogue={[]} done="HubSpot is connected." />,
  ],
  ...healthGallery,
  'connections-empty': ['console', <Connections frame={frame} now={now} connections={[]} catalogue={catalogue} />],
  'data-sheet': ['console', <DataSheetPage frame={frame} sheet={sheet} sandbox mayConnect />],
  'data-sheet-ai': [
    'console',
    <DataSheetPage frame={frame} sheet={{ ...sheet, ai: true }} sandbox={false} mayConnect />,
  ],
  confirm: [
    'console',
    <ConfirmPage
      frame={frame}
      pending="t1"
      partner="HubSpot"
      sandbox
      account={{ name: 'Harbor Motors Sandbox', id: '146425426' }}
      scopes={sheet.scopes}
      missing={['crm.objects.notes.write']}
    />,
  ],
  ...connectionPages,
  changes: ['console', <ChangesPage frame={frame} connection={hubspot} upgrade={upgrade} mayApprove />],
  'changes-less': [
    'console',
    <ChangesPage frame={frame} connection={hubspot} upgrade={{ ...upgrade, waits: [] }} mayApprove={false} />,
  ],
  ...answersGallery,
  ...hooksGallery,
  ledger: [
    'console',
    <LedgerPage
      frame={frame}
      now={now}
      rows={ledger}
      query=""
      proof={{ size: 4812, checkedAt: now }}
      checkpointHref="/console/ledger/checkpoint"
      olderHref="/console/ledger?before=4810"
    />,
  ],
  'ledger-empty': ['console', <LedgerPage frame={frame} now={now} rows={[]} query="" proof={{ size: 0 }} />],
  'ledger-none': [
    'console',
    <LedgerPage frame={frame} now={now} rows={[]} query="slack" proof={{ size: 12, broken: 7 }} />,
  ],
  ...aroundChatGallery,
  ...rulesGallery,
  ...availabilityGallery,
  ...lookGallery,
  ...keysGallery,
  ...killGallery({ frame, now, sheet, fields, scopes: { surplus: [], missing: [] }, mayConnect: true }),
  agents: ['console', <AgentsPage frame={frame} now={now} {...people} />],
  'agents-empty': [
    'console',
    <AgentsPage
      frame={frame}
      now={now}
      {...people}
      pairings={[]}
      step={{ demanded: true, own: true, mayChange: true }}
      done="The panel was unpaired."
    />,
  ],
  ...pairingGallery,
  outbox: ['console', <OutboxPage frame={frame} now={now} mails={[mail]} posted={false} />],
  'outbox-empty': ['console', <OutboxPage frame={frame} now={now} mails={[]} posted={false} />],
  ...secondStepPages,
  ...noticeGallery,
  mail: ['console', <MailPage frame={frame} now={now} mail={{ ...mail, body: letter }} posted={false} />],
};

function stranger() {
  return choice.purposes.slice(0, 1).map((p) => ({
    purpose: p.purpose,
    because: p.because,
    notice: p.notice,
    nonce: p.nonce,
    state: 'open' as const,
    fields: p.fields.map((f) => ({ ...f, state: 'open' as const })),
  }));
}

/** The preference page with HubSpot on or off, after a change that was stored or not. */
export const renderPreferences = (on: boolean, after?: 'saved' | 'failed'): string =>
  renderGalleryPage('preferences', [
    'preferences',
    <PreferencesPage
      {...(on ? preferences : offHub)}
      {...(after === 'saved' && { saved })}
      {...(after === 'failed' && { failed: { integration: 'hubspot' } })}
    />,
  ]);

/** The start page after `n` steps. */
export const renderStart = (n: number): string =>
  renderGalleryPage('start', ['start', <StartPage key="start" {...startProps(n)} />]);

const scripts: Partial<Record<Kind, string>> = { start: '/assets/start.js', preferences: '/assets/preferences.js' };

/** One page of the gallery as the hub would serve it. */
export function renderGalleryPage(
  name: string,
  [kind, body]: [Kind, JSX.Element] = gallery[name] ?? missing(name),
): string {
  const script = scripts[kind];
  return renderPage({
    title: `${name} - askfirst`,
    lang: (body.props as { words?: { tag: string } }).words?.tag ?? 'en',
    styles: pageStyles[kind].map((file) => `/assets/${file}`),
    ...(script && { script }),
    nonce,
    body,
    bodyClass: kind === 'console' ? 'console' : 'public',
  });
}

function missing(name: string): never {
  throw new Error(`no page ${name} in the gallery`);
}
