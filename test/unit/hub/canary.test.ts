import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { json } from '../../support/recorder.ts';
import { care, count, crm, openChat, openPreferences, openStage, type Stage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());

const marks = (n: number) => ({
  name: `Canaryname${n} Markedfamily${n}`,
  email: `canary.mail${n}@brandt.example`,
  phone: `+45 99 88 ${String(100_000 + n).slice(1)}`,
});
const words = (n: number) => `canaryword${n} in the chat`;
type Said = 'yes' | 'no' | undefined;

test('I1 P3 R17 canaries: what arrives is what the ledger says, for every combination of answers', async () => {
  stage = await openStage();
  for (const limit of Object.values(stage.door.hub.deps.limits)) limit.points = 1_000_000;
  const said = fc.constantFrom<Said>('yes', 'no', undefined);
  let n = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.record({ name: said, email: said, phone: said, transcript: said, withdraw: fc.boolean() }),
      async (plan) => {
        const mine = ++n;
        const values = marks(mine);
        const chat = await openChat(stage, values, words(mine));
        const answers = Object.fromEntries(
          Object.entries({ name: plan.name, email: plan.email, phone: plan.phone }).filter(([, v]) => v),
        ) as Record<string, 'yes' | 'no'>;
        if (Object.keys(answers).length > 0) await chat.answer(answers, crm);
        if (plan.transcript) await chat.answer({ transcript: plan.transcript }, care);
        if (plan.withdraw) await (await openPreferences(stage, chat)).choose('no');
        stage.recorder.calls.length = 0;
        const rows = count(stage.door, 'disclosure');
        await chat.send(crm);
        await chat.send(care);

        const granted = (field: 'name' | 'email' | 'phone') =>
          !plan.withdraw && plan.email === 'yes' && plan[field] === 'yes';
        const told = !plan.withdraw && plan.transcript === 'yes';
        const bytes = stage.recorder.calls.map((c) => c.path + c.body + JSON.stringify(c.headers)).join('\n');
        const arrived = {
          name: bytes.includes(`Canaryname${mine}`),
          email: bytes.includes(values.email),
          phone: bytes.includes(values.phone),
          // The adapter needs the contact's record first; without it the transcript has nowhere to go.
          transcript: bytes.includes(`canaryword${mine}`),
        };
        expect(arrived).toEqual({
          name: granted('name'),
          email: granted('email'),
          phone: granted('phone'),
          transcript: told && granted('email'),
        });
        for (let other = 1; other < mine; other++) expect(bytes).not.toContain(marks(other).email);

        // The ledger: one disclosure names each field that arrived, and no call without one.
        const disclosed = stage.door.store.read
          .hot(
            'select x.fields_json, o.state from disclosure x join outcome o on o.disclosure_id = x.id order by x.claim_seq',
          )
          .all()
          .slice(rows);
        const sent = disclosed
          .filter((d) => d.state === 'sent')
          .flatMap((d) => JSON.parse(d.fields_json as string) as string[]);
        expect(new Set(sent)).toEqual(new Set(Object.entries(arrived).flatMap(([field, was]) => (was ? [field] : []))));
        if (disclosed.filter((d) => d.state === 'sent').length === 0) expect(stage.recorder.calls).toEqual([]);
        else
          expect(stage.recorder.calls.length).toBeGreaterThanOrEqual(
            disclosed.filter((d) => d.state === 'sent').length,
          );
      },
    ),
    { numRuns: 30 },
  );
  const log = stage.door.logged();
  expect(log).not.toMatch(/canary|Markedfamily|99 88/i);
  const rows = JSON.stringify(stage.door.store.read.hot('select row from ledger_leaf').all());
  expect(rows).not.toMatch(/canary|Markedfamily|99 88/i);
}, 60_000);

test('GATE-49 R90 through failures, refusals and a broken store the log holds no value of a person and no token', async () => {
  let clock = Date.now();
  stage = await openStage({ now: () => new Date(clock), egress: { totalMs: 200 } });
  const values = marks(0);
  const chat = await openChat(stage, values, words(0));
  await chat.answer({ email: 'yes', name: 'yes', phone: 'no' });
  const bearers = new Set<string>();
  const ways = [
    (res: Parameters<typeof json>[0]) => json(res, 500, { message: `${values.email} is bad` }),
    (res: Parameters<typeof json>[0]) => json(res, 401, { message: values.email }),
    (res: Parameters<typeof json>[0]) => res.end(`<h1>${values.email}</h1>`) && true,
    (res: Parameters<typeof json>[0]) => res.destroy() && true,
    () => true,
  ];
  for (const way of ways) {
    stage.recorder.answer((request, res) => {
      const { authorization } = request.headers;
      if (authorization) bearers.add(authorization.slice(7));
      return way(res) as boolean;
    });
    await chat.send();
  }
  stage.recorder.answer(() => false);
  stage.door.failWrites(() => true);
  await chat.message(`canaryword0 ${values.email}`);
  await chat.press();
  stage.door.failWrites();
  await chat.ada.say('/api/chat/messages', `{"text": "${values.email}"`);
  await chat.ada.say('/api/chat/messages', { clientId: values.email, text: { canary: values.email } });
  await stage.door.store.write((tx) => tx.exec('delete from subject_key'));
  await chat.press();
  await chat.message('canaryword0 again');
  clock += 1;
  const log = stage.door.logged();
  expect(log).toContain('request failed');
  expect(log).not.toMatch(/canary|Markedfamily|99 88/i);
  expect(bearers.size).toBeGreaterThan(0);
  const secrets = [...bearers, chat.ada.auth.authorization.slice(7), ...stage.maria.cookies.values()];
  for (const secret of secrets) expect(log).not.toContain(secret);
  const dump = ['vault', 'integration', 'audit', 'entry', 'outcome', 'connect_transaction', 'visitor_token']
    .map((t) => JSON.stringify(stage.door.store.read.hot(`select * from ${t}`).all()))
    .join();
  for (const secret of [...bearers, chat.ada.auth.authorization.slice(7)]) expect(dump).not.toContain(secret);
  expect(dump).not.toMatch(/canaryname|canary\.mail|99 88/i);
});
