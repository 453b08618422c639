import type fc from 'fast-check';
import { Problem } from '#contract/problem.ts';
import type { Field } from '#contract/visitor.ts';
import { confirmConnect } from '../../server/connect/connect.ts';
import { disconnect } from '../../server/connect/disconnect.ts';
import { answerQuestion } from '../../server/consent/answers.ts';
import { optOut } from '../../server/consent/opt-out.ts';
import { serveQuestion } from '../../server/consent/questions.ts';
import { deliver } from '../../server/egress/deliver.ts';
import { settleInterrupted } from '../../server/egress/outcome.ts';
import { queueShare } from '../../server/egress/queue-share.ts';
import { purpose } from './brand.ts';
import type { Manner, Process, World } from './world.ts';

/** One thing somebody does; all of a plan are under way at once, and the schedule decides who goes first. */
export type Action =
  | { do: 'send'; who: number; to: number; manner: Manner; twice: boolean }
  | { do: 'answer'; who: number; to: number; yes: Field[] }
  | { do: 'opt-out' | 'opt-out twice'; who: number; to: number }
  | { do: 'disconnect'; to: number }
  | { do: 'reconnect'; to: number; account: string }
  | { do: 'terms'; to: number }
  | { do: 'wait'; ms: number }
  | { do: 'crash' | 'mend' };

const user = { userId: 'u', sessionId: 's' };

/** One answer on a screen, as the chat's routes do it: the question is served, then answered. */
export async function answer(w: World, p: Process, who: number, to: number, yes: readonly Field[]): Promise<void> {
  const [subjectId, integrationId] = [w.subjects[who] as string, w.integrations[to] as string];
  const key = { brandId: w.brandId, subjectId, integrationId, purpose };
  const d = p.deps;
  const question = await d.store.write((tx) => serveQuestion(tx, d, { ...key, sessionHash: 'h', surface: 'question' }));
  const answers = Object.fromEntries(
    question.fields.map(({ field }) => [field, yes.includes(field) ? 'yes' : 'no'] as const),
  );
  const conversationId = `chat-${subjectId}`;
  const said = { brandId: w.brandId, subjectId, sessionHash: 'h', conversationId, method: 'question' as const };
  const done = await answerQuestion(d, { ...said, nonce: question.nonce, answers, later: false });
  w.log.sync();
  if (done.type === 'withdrawn')
    w.log.happened({
      kind: 'ack',
      subject: subjectId,
      integration: integrationId,
      listed: done.alreadyOut.map((o) => o.disclosure),
    });
}

async function stop(w: World, p: Process, who: number, to: number): Promise<void> {
  const [subjectId, integrationId] = [w.subjects[who] as string, w.integrations[to] as string];
  w.waiting.add(p);

  const done = await optOut(p.deps, { brandId: w.brandId, subjectId, integrationId });
  w.waiting.delete(p);
  w.log.sync();
  w.log.happened({
    kind: 'ack',
    subject: subjectId,
    integration: integrationId,
    listed: done.alreadyOut.map((o) => o.disclosure),
  });
}

async function run(w: World, p: Process, shareId: string, twice: boolean): Promise<void> {
  const again = () => w.store.read.hot("select 1 as ok from share where id = ? and state = 'queued'").get(shareId);
  for (let tries = 0; tries < 3 && again(); tries++)
    await Promise.all([deliver(p.deps, shareId), ...(twice ? [deliver(p.deps, shareId)] : [])]);
}

async function perform(w: World, p: Process, a: Action, index: number): Promise<void> {
  const d = p.deps;
  const integrationId = 'to' in a ? (w.integrations[a.to] as string) : '';
  const connecting = { ...d, catalogue: w.catalogue(), touch() {} };
  if (a.do === 'send') {
    const subjectId = w.subjects[a.who] as string;
    const chat = { subjectId, conversationId: `chat-${subjectId}` };
    const request = { brandId: w.brandId, ...chat, integrationId, purpose, clientId: `c${index}` };
    const { share, queued } = await d.store.write((tx) => queueShare(tx, d, request));
    w.manner(share.id, a.manner);
    if (queued) await run(w, p, share.id, a.twice);
  }
  if (a.do === 'answer') await answer(w, p, a.who, a.to, a.yes);
  if (a.do === 'opt-out') await stop(w, p, a.who, a.to);
  if (a.do === 'opt-out twice') await Promise.all([stop(w, p, a.who, a.to), stop(w, p, a.who, a.to)]);
  if (a.do === 'disconnect')
    await disconnect({ ...connecting, connector: w.connector('') }, { brandId: w.brandId, ...user }, integrationId);
  if (a.do === 'reconnect')
    await confirmConnect(
      { ...connecting, connector: w.connector(a.account, integrationId) },
      { brandId: w.brandId, ...user },
      'pending',
    );
  if (a.do === 'terms') await d.store.write((tx) => w.newTerms(tx, integrationId));
  if (a.do === 'wait') w.clock.monotonicMs += a.ms;
  // The wall clock jumps both ways; nothing may depend on it for order (GATE.md l.47).
  if (a.do === 'wait') w.clock.nowMs += a.ms % 2 === 0 ? a.ms : -3_600_000;
  if (a.do === 'mend') await mend(w, p);
}

async function mend(w: World, p: Process, store = p.deps.store): Promise<void> {
  await settleInterrupted(
    { ...p.deps, store },
    {
      idempotent: (provider) => provider.startsWith('crm'),
      running: (id) => p.deps.sending.has(id),
      failed: (e) => w.log.fault(`a send could not be settled: ${String(e)}`),
    },
  );
}

/** Ends the process where it stands, starts another one over the same store, settles, and sends what waits. */
async function crash(w: World): Promise<void> {
  w.log.sync();
  w.log.happened({ kind: 'crash' });
  w.restart();
  await mend(w, w.process, w.store);
}

/** Starts one action; what the gate refuses in words is no fault, everything else is. */
export async function start(w: World, s: fc.Scheduler, a: Action, index: number, late: number): Promise<void> {
  const { log } = w;
  for (let turns = 0; turns < late; turns++) await s.schedule(Promise.resolve(), 'later');
  if (a.do === 'crash') {
    await s.scheduleSequence([{ label: 'crash', builder: () => crash(w) }]).task;
    const p = w.process;
    const queued = w.store.read
      .hot("select id from share where brand_id = ? and state = 'queued' order by seq")
      .all(w.brandId);
    await Promise.all(queued.map((r) => run(w, p, r.id as string, false))).catch((e) => log.fault(String(e)));
    return;
  }
  await w.step(
    `${a.do}${'who' in a ? ` ${w.subjects[a.who]}` : ''}${'to' in a ? ` ${w.integrations[a.to]}` : ''}`,
    async (p) => {
      w.busy.set(index, p);
      try {
        await perform(w, p, a, index);
      } catch (e) {
        if (!(e instanceof Problem)) log.fault(`${a.do}: ${(e as Error).stack}`);
      }
      w.busy.delete(index);
    },
  );
}

const turn = () => new Promise((done) => setImmediate(done));

/**
 * Runs everything to its end. Alone, each step is a turn of the event loop of its own, as a timer or a message is;
 * `together` they all ask first, and the store then answers them in one commit.
 */
export async function settle(w: World, s: fc.Scheduler, together: boolean): Promise<void> {
  for (let idle = 0; idle < 3; ) {
    while (s.count() > 0) {
      idle = 0;
      await s.waitOne();
      if (!together) await turn();
    }
    await turn();
    idle++;
  }
  for (const p of w.busy.values()) if (p.alive) w.log.fault('somebody waits for ever');
}
