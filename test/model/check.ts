import type { Field } from '#contract/visitor.ts';
import { canary } from './brand.ts';
import type { World } from './world.ts';

interface Machine {
  type: string;
  fields: Field[];
  manifest: string;
  seq: number;
}
interface Sent {
  share: string;
  subject: string;
  integration: string;
  fields: Field[];
  /** An answer came after its claim that takes something of it back, or its connection ended. */
  over: string | undefined;
  writes: string[];
  outcome: string | undefined;
}
const granted = (m: Machine | undefined) => m?.type === 'given' || m?.type === 'renewed';
const open = (type: string) => type === 'requested' || type === 'deferred';
/** Answers of a partner after which it may have taken the data. */
const taken = (answer: string) => answer === 'ok' || answer === 'fault' || answer === 'cut' || answer === 'hang';

/** Judges one schedule by the invariants of GATE.md b, from what happened alone; returns what is wrong. */
export function judgeRun(w: World): string[] {
  const { log } = w;
  log.sync();
  const faults = [...log.faults];
  const machines = new Map<string, Machine>();
  const sent = new Map<string, Sent>();
  const links = new Map<string, { active: boolean; revokedBefore: number }>();
  const covered = new Set(
    w.store.read
      .hot("select disclosure_id from propagation_cover where action = 'suppress'")
      .all()
      .map((r) => r.disclosure_id),
  );
  let crashed = false;
  const takeBack = (subject: string, integration: string, why: string, kept: Field[] = []) => {
    for (const d of sent.values())
      if ((subject === '' || d.subject === subject) && d.integration === integration)
        if (d.fields.some((f) => !kept.includes(f))) d.over ??= why;
  };

  for (const e of log.events) {
    if (e.kind === 'crash') crashed = true;
    if (e.kind === 'connect') links.set(e.integration, { active: true, revokedBefore: e.revokedBefore });
    if (e.kind === 'disconnect') {
      links.set(e.integration, { active: false, revokedBefore: links.get(e.integration)?.revokedBefore ?? 0 });
      takeBack('', e.integration, 'its connection ended');
    }
    if (e.kind === 'answer') {
      const key = `${e.subject}|${e.integration}`;
      if (open(e.type) && machines.has(key)) continue;
      machines.set(key, e);
      if (!open(e.type)) takeBack(e.subject, e.integration, `${e.type} ${e.seq}`, granted(e) ? e.fields : []);
    }
    if (e.kind === 'claim') {
      const head = machines.get(`${e.subject}|${e.integration}`);
      const link = links.get(e.integration) ?? { active: true, revokedBefore: 0 };
      if (!granted(head)) faults.push(`I2: ${e.id} was claimed under ${head?.type ?? 'no answer'}`);
      else if (e.fields.some((f) => !head?.fields.includes(f))) faults.push(`I2: ${e.id} claims more than was granted`);
      else if (head?.manifest !== e.manifest) faults.push(`I2: ${e.id} was claimed under other terms`);
      if (!link.active || (head && head.seq < link.revokedBefore))
        faults.push(`I2: ${e.id} claims for an ended connection`);
      sent.set(e.id, { ...e, over: undefined, writes: [], outcome: undefined });
    }
    if (e.kind === 'write') faults.push(...judgeWrite(sent, e));
    if (e.kind === 'outcome') {
      const d = sent.get(e.id);
      if (d?.outcome !== undefined) faults.push(`${e.id} has two outcomes`);
      if (d) d.outcome = e.state;
    }
    if (e.kind === 'ack') {
      const before = [...sent].filter(([, d]) => d.subject === e.subject && d.integration === e.integration);
      for (const [id, d] of before) {
        if (d.writes.length > 0 && !e.listed.includes(id)) faults.push(`I4: the acknowledgement hides ${id}`);
        if (d.writes.length > 0 && !covered.has(id)) faults.push(`I5: nobody is told to take ${id} back`);
        const sure = !crashed && d.writes.length === 0 && d.outcome !== undefined;
        if (sure && e.listed.includes(id)) faults.push(`the acknowledgement lists ${id}, of which no byte left`);
      }
    }
  }
  return [...faults, ...judgeEnds(sent, crashed), ...judgeHeads(w, machines)];
}

function judgeWrite(sent: Map<string, Sent>, e: { id: string; body: string; answer: string }): string[] {
  const d = sent.get(e.id);
  if (!d) return [`I1: a write of ${e.id || 'nothing'} before its row`];
  const faults: string[] = [];
  if (d.over) faults.push(`I3: ${e.id} was written after ${d.over}`);
  if (d.outcome) faults.push(`${e.id} was written after its outcome (${d.outcome})`);
  const body = JSON.parse(e.body) as Record<string, string>;
  const { share: _, ...fields } = body;
  const right = Object.entries(fields).every(
    ([f, v]) => d.fields.includes(f as Field) && v === canary(d.subject, f as Field),
  );
  if (!right || Object.keys(fields).length !== d.fields.length)
    faults.push(`I1: ${e.id} wrote other fields than its row names`);
  const others = [...sent].filter(([id, o]) => id !== e.id && o.share === d.share);
  const once = !d.integration.startsWith('crm'); // only the CRM's adapter is idempotent
  if (once && others.some(([, o]) => o.writes.some(taken))) faults.push(`e.2.8: ${e.id} was replayed blindly`);
  d.writes.push(e.answer);
  return faults;
}

/** Calls at the connector are the intents that reached the write, no more and no fewer (GATE.md a "outcome"). */
function judgeEnds(sent: Map<string, Sent>, crashed: boolean): string[] {
  return [...sent].flatMap(([id, d]) => {
    const out = d.outcome === 'sent' || d.outcome === 'unknown';
    if (d.outcome === undefined) return [`${id} has no outcome`];
    if (d.writes.length > 0 && !out) return [`${id} was written, and its outcome says ${d.outcome}`];
    if (d.writes.length === 0 && out && !(crashed && d.outcome === 'unknown'))
      return [`${id} says ${d.outcome} and was never written`];
    return [];
  });
}

/** I7: the heads are the fold of the events by seq, whatever the order in which they were stored. */
function judgeHeads(w: World, machines: Map<string, Machine>): string[] {
  const heads = w.store.read
    .hot('select subject_id, integration_id, event_seq from consent_head where brand_id = ?')
    .all(w.brandId)
    .map((h) => `${h.subject_id}|${h.integration_id} ${h.event_seq}`);
  const folded = [...machines].map(([key, m]) => `${key} ${m.seq}`);
  const same = JSON.stringify(heads.sort()) === JSON.stringify(folded.sort());
  return same ? [] : [`I7: heads ${heads.join()} are not the fold ${folded.join()}`];
}
