import { type Client, peopleAt } from '../support/people-at.ts';
import { openSimulator } from '../support/simulator.ts';
import { copyOf, recording, replay, type Statement } from './replay.ts';
import { brandId, openRig, type Person, type Rig } from './rig.ts';
import { type BenchRow, quantile, row } from './row.ts';

const path = `/privacy/${brandId}`;

/** The person's preference page in a browser of its own, and the form of its main switch. */
async function pageOf(rig: Rig, person: Person): Promise<{ browser: Client; nonce: string }> {
  const { client } = peopleAt(rig.door);
  const visitor = client();
  const auth = { authorization: `Bearer ${person.token}` };
  const { body } = await visitor.json<{ code: string; action: string }>('POST', '/api/chat/my-data', {}, auth);
  const browser = client();
  await browser.submit(body.action, { code: body.code });
  const html = await (await browser.get(path)).text();
  const form = [...html.matchAll(/<form.*?<\/form>/gs)].map(([f]) => f).find((f) => f.includes('value="all"'));
  return { browser, nonce: /name="nonce" value="([^"]*)"/.exec(form ?? '')?.[1] ?? '' };
}

/**
 * DESIGN.md 7: a no on the preference page, from its form to the last byte of the answer, over a file with
 * synchronous=FULL, while `people` times `each` shares wait and a partner that answers nobody holds every delivery there
 * may be; by then no share of that person waits. The limit is the very same statements with the same values on bare
 * node:sqlite, a commit each. `one` is one person with all of them waiting.
 */
export async function benchOptOut({ people = 200, each = 5 } = {}): Promise<BenchRow[]> {
  const partner = await openSimulator();
  const rig = await openRig({ recorder: partner, egress: { totalMs: 600_000 } });
  for (const limit of Object.values(rig.door.hub.deps.limits)) limit.points = 1_000_000;
  try {
    const { deps } = rig.door.hub;
    const waiting = (p: Person) =>
      rig.store.read.hot("select count(*) as n from share where subject_id = ? and state = 'queued'").get(p.subjectId)
        ?.n as number;

    async function run(persons: readonly Person[]): Promise<{ ours: number[]; raw: number[] }> {
      const pages = await Promise.all(persons.map((p) => pageOf(rig, p)));
      partner.faults.push(...Array(1_000).fill('hang'));
      const before = partner.calls;
      deps.runner.wake();
      // As many as there are sandboxes in the rig; further deliveries wait for one with their claim made.
      while (partner.calls < before + Math.min(4, persons.length)) await new Promise((done) => setImmediate(done));
      const file = copyOf(rig);
      const jobs: Statement[][] = [];
      const { write } = deps.store;
      deps.store.write = (job) =>
        write((tx) => {
          const statements: Statement[] = [];
          jobs.push(statements);
          return job(recording(tx, statements));
        });
      const ours: number[] = [];
      for (const [i, person] of persons.entries()) {
        const { browser, nonce } = pages[i] as Awaited<ReturnType<typeof pageOf>>;
        const before = waiting(person);
        const start = performance.now();
        const choice = { integration: rig.integrationId, purpose: 'all', want: 'no', nonce };
        const res = await browser.submit(`${path}/choose`, choice);
        await res.text();
        ours.push(performance.now() - start);
        if (res.status !== 200 || before === 0 || waiting(person) > 0)
          throw new Error(`an opt-out ended with ${res.status}, ${waiting(person)} of ${before} shares wait`);
      }
      deps.store.write = write;
      const raw = replay(file, jobs, 1).filter((_, i) => jobs[i]?.some((s) => /into consent_event/.test(s.sql)));
      partner.faults.length = 0;
      partner.release();
      await deps.runner.idle();
      return { ours, raw };
    }

    const many = await rig.people(people);
    await rig.shares(many, each);
    const of = await run(many);
    const one = await rig.people(1);
    await rig.shares(one, people * each);
    const all = await run(one);
    const queued = (people * each).toLocaleString('en');
    const name = `opt-out to its acknowledgement, ${queued} shares wait, the partner hangs`;
    const under = 'under 250 ms';
    return [
      row(`${name}, p50`, 'ms', quantile(of.ours, 0.5), quantile(of.raw, 0.5)),
      row(`${name}, p99`, 'ms', quantile(of.ours, 0.99), quantile(of.raw, 0.99), under, (value) => value < 250),
      row(`the same, all of one person`, 'ms', quantile(all.ours, 1), quantile(all.raw, 1), under, (v) => v < 250),
    ];
  } finally {
    await rig.close();
    await partner.close();
  }
}
