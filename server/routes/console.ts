import { type Context, Hono } from 'hono';
import { bringsIn } from '#contract/connection.ts';
import { problem } from '#contract/problem.ts';
import { connectionOf, connectionsOf } from '../connect/catalogue.ts';
import { disconnect } from '../connect/disconnect.ts';
import { may } from '../people/may.ts';
import { ledgerRows } from '../store/disclosures.ts';
import { ledgerSize } from '../store/ledger.ts';
import { AgentsPage } from '../web/console/agents.tsx';
import { AnsweringPage } from '../web/console/answering.tsx';
import { ConnectionPage, DisconnectPage } from '../web/console/connection.tsx';
import { Connections } from '../web/console/connections.tsx';
import { LedgerPage } from '../web/console/ledger.tsx';
import { MailPage, OutboxPage } from '../web/console/outbox.tsx';
import { PairEnter, PairPage, PairResult } from '../web/console/pair.tsx';
import { readForm } from './body.ts';
import { checkForm, type Env } from './callers.ts';
import { connectRoutes, sandboxOf } from './connect.ts';
import { consolePage, frameOf, signedIn } from './console-page.ts';
import type { HubDeps } from './deps.ts';
import { connectionPage, connectionProps, mappingRoutes } from './mapping.ts';

/** Connections, ledger, agents, pairing and outbox. */
export function consoleRoutes(d: HubDeps): Hono<Env> {
  const app = new Hono<Env>();
  const now = () => d.now().toISOString();
  const frame = (c: Context<Env>) => frameOf(d, c);
  /** Sentences about what was just done, chosen by a word in the address so that no text of a stranger is shown. */
  const done = (c: Context, words: Record<string, string>) => {
    const said = words[c.req.query('done') ?? ''];
    return said ? { done: said } : {};
  };

  app.get('/console', signedIn(d, 'chat'), (c) => {
    if (!may(c.get('agent'), 'see-connections'))
      return consolePage(c, 'Answer chats', AnsweringPage({ frame: frame(c), hub: d.origin }));
    const connections = connectionsOf(d, c.get('agent').brandId);
    const catalogue = [...d.catalogue.values()]
      .filter((a) => !connections.some((x) => x.provider === a.facts.id && x.state === 'active'))
      .map((a) => ({
        provider: a.facts.id,
        name: a.facts.name,
        way: a.sheet.way,
        sandbox: sandboxOf(d, a.facts.id),
        fields: [...new Set(a.manifest.fields.map((f) => f.name))],
        brings: bringsIn(a.manifest) ?? [],
        verification: a.facts.verification,
      }));
    const said = done(c, {
      connected: 'Connected. Nothing leaves before a visitor says yes.',
      on: 'Turned on. Visitors find it in the chat form.',
      discarded: 'Nothing was connected.',
    });
    return consolePage(c, 'Connections', Connections({ frame: frame(c), now: now(), connections, catalogue, ...said }));
  });

  app.get('/console/connections/:id', signedIn(d, 'see-connections'), (c) => {
    const connection = connectionOf(d, c.get('agent').brandId, c.req.param('id'));
    const said = done(c, {
      mapped: 'Saved. What is off is not asked for and not sent.',
      approved: 'Approved. Visitors are asked for what is new before it leaves.',
      disconnected: 'Disconnected. The key is wiped here and the partner confirmed that it is dead.',
      off: 'Turned off. No visitor is led there any more.',
      wiped: 'Disconnected. What was typed is wiped here; it goes on working at the partner until it is ended there.',
      pending: 'Disconnected: nothing is sent any more. The partner has not confirmed yet that the key is dead.',
    });
    const props = { ...connectionProps(d, c, connection.id), ...said };
    return connectionPage(d, c, connection.partner, props, ConnectionPage(props));
  });
  app.route('/', mappingRoutes(d));
  app.get('/console/connections/:id/disconnect', signedIn(d, 'disconnect'), (c) => {
    const connection = connectionOf(d, c.get('agent').brandId, c.req.param('id'));
    return consolePage(c, `Disconnect ${connection.partner}`, DisconnectPage({ frame: frame(c), connection }));
  });
  app.post('/console/connections/:id/disconnect', signedIn(d, 'disconnect'), async (c) => {
    checkForm(c, d.people.csrf, await readForm(c));
    const id = c.req.param('id');
    const { confirmed } = await disconnect(d, c.get('agent'), id);
    const { way, revocation } = connectionOf(d, c.get('agent').brandId, id);
    const open = revocation?.state === 'lasting' ? 'wiped' : 'pending';
    const word = way === 'login' ? 'off' : confirmed ? 'disconnected' : open;
    return c.redirect(`/console/connections/${encodeURIComponent(id)}?done=${word}`, 303);
  });
  app.route('/', connectRoutes(d));

  app.get('/console/ledger', signedIn(d, 'read-ledger'), (c) => {
    const query = (c.req.query('q') ?? '').trim().slice(0, 100);
    const all = ledgerRows(d.store.read, d.pseudonymKey, { brandId: c.get('agent').brandId, limit: 500 });
    const words = query.toLowerCase();
    const rows = all.filter((r) =>
      [r.partner, r.person, r.index ?? '', r.result, ...r.fields, ...Object.values(r.rules)].some((w) =>
        String(w).toLowerCase().includes(words),
      ),
    );
    const proof = { size: ledgerSize(d.store.read) };
    return consolePage(c, 'Ledger', LedgerPage({ frame: frame(c), now: now(), rows, query, proof }));
  });

  app.get('/console/agents', signedIn(d, 'pair'), async (c) => {
    const agent = c.get('agent');
    const all = may(agent, 'see-agents');
    const members = all ? d.people.agents.list(agent) : [agent];
    const pairings = await d.people.pairing.list(agent.brandId, all ? undefined : agent.userId);
    const session = { id: agent.sessionId, browser: 'This browser', since: now(), current: true };
    const body = AgentsPage({
      frame: frame(c),
      now: now(),
      members: members.map((m) => ({
        id: m.memberId,
        name: m.name,
        email: m.email,
        role: m.role,
        you: m.userId === agent.userId,
        hasStep: m.hasStep,
        mayTakeStep: d.people.brandSteps.mayTake(agent, m),
      })),
      pairings: pairings.map((p) => ({
        id: p.id,
        member: p.name,
        browser: p.browser,
        since: p.pairedAt,
        ...(p.lastUsedAt ? { lastUsed: p.lastUsedAt } : {}),
        mayEnd: p.userId === agent.userId || may(agent, 'unpair-others'),
      })),
      sessions: [session],
      step: { demanded: agent.stepDemanded, own: agent.hasStep, mayChange: may(agent, 'demand-second-step') },
      ...done(c, {
        unpaired: 'Unpaired. That panel is signed out.',
        taken: 'Taken away. That person is signed out everywhere, and the mailed link signs in again.',
        demanded: 'Everyone is asked for a second step from now on.',
        free: 'Nobody is asked for a second step any more, but for those who have one.',
      }),
    });
    return consolePage(c, 'Agents', body);
  });
  app.post('/console/agents/unpair', signedIn(d, 'unpair'), async (c) => {
    const form = await readForm(c);
    checkForm(c, d.people.csrf, form);
    await d.people.pairing.end(c.get('agent'), form.pairing ?? '');
    return c.redirect('/console/agents?done=unpaired', 303);
  });
  app.post('/console/agents/end-session', signedIn(d, 'pair'), async (c) => {
    const form = await readForm(c);
    checkForm(c, d.people.csrf, form);
    if (form.session !== c.get('agent').sessionId) problem('not-found');
    for (const cookie of (await d.people.signIn.signOut(c.req.raw.headers)).getSetCookie())
      c.header('set-cookie', cookie, { append: true });
    return c.redirect('/sign-in', 303);
  });

  const othersOf = async (c: Context<Env>) => {
    const { agents = [] } = (await d.people.inbox(c.req.raw.headers)) ?? {};
    return agents.filter((a) => a.brandId !== c.get('agent').brandId).map((a) => a.brandName);
  };
  app.get('/pair', signedIn(d, 'pair'), async (c) => {
    const code = c.req.query('code');
    if (!code) return consolePage(c, 'Pair a panel', PairEnter({ frame: frame(c) }));
    try {
      const { browser, expiresAt, code: known } = await d.people.pairing.describe(code, c.get('agent'));
      const asked = { frame: frame(c), others: await othersOf(c), code: known, browser, expiresAt };
      return consolePage(c, 'Is this your panel?', PairPage(asked));
    } catch {
      return consolePage(c, 'Pair a panel', PairEnter({ frame: frame(c), wrong: code.slice(0, 12) }));
    }
  });
  app.post('/pair', signedIn(d, 'pair'), async (c) => {
    const form = await readForm(c);
    checkForm(c, d.people.csrf, form);
    const agent = c.get('agent');
    const { browser } = await d.people.pairing.describe(form.code ?? '', agent);
    const yes = form.answer === 'confirm';
    await (yes ? d.people.pairing.approve(form.code ?? '', agent) : d.people.pairing.refuse(form.code ?? '', agent));
    const result = yes ? 'paired' : 'refused';
    return consolePage(c, 'Pair a panel', PairResult({ frame: frame(c), others: await othersOf(c), result, browser }));
  });

  const posted = d.people.posting !== undefined;
  app.get('/console/outbox', signedIn(d, 'read-outbox'), async (c) => {
    const mails = await d.people.outbox.list();
    return consolePage(
      c,
      'Outbox',
      OutboxPage({ frame: frame(c), now: now(), mails, posted, ...done(c, { again: 'It is on its way again.' }) }),
    );
  });
  app.get('/console/outbox/:id', signedIn(d, 'read-outbox'), async (c) => {
    const mail = await d.people.outbox.open(c.req.param('id'));
    return consolePage(c, mail.subject, MailPage({ frame: frame(c), now: now(), mail, posted }));
  });
  app.post('/console/outbox/:id/again', signedIn(d, 'read-outbox'), async (c) => {
    checkForm(c, d.people.csrf, await readForm(c));
    await d.people.outbox.again(c.req.param('id'));
    return c.redirect('/console/outbox?done=again', 303);
  });
  return app;
}
