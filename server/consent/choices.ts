import type { IntegrationChoice, PurposeChoice } from '#contract/choices.ts';
import { declaredFor, receivesOf } from '#contract/connection.ts';
import type { ConsentType } from '#contract/consent.ts';
import type { Fence } from '../egress/fence.ts';
import { decideShare } from '../gate/decide.ts';
import { contextOf, reasonOf } from '../gate/derive.ts';
import type { Store, Tx } from '../store/open.ts';
import { storeFailed } from '../store/readable.ts';
import { readShareFacts, type ShareFacts, sameTopic } from '../store/share-facts.ts';
import type { ConsentDeps } from './events.ts';
import { noticeFor } from './languages.ts';
import { noticeVersion } from './notice-versions.ts';
import { mainReason, type Unpublished } from './notices.ts';
import type { PreferenceReader } from './preferences.ts';
import { serveQuestion } from './questions.ts';
import { yearAfter } from './standing.ts';
import { type AlreadyOut, whatIsOut } from './under-way.ts';

type Reading = Pick<Tx, 'hot'>;

/** How a question stands that nobody said yes or no to. */
const unanswered = (type: ConsentType | undefined): 'asked' | 'later' | 'open' =>
  type === 'requested' ? 'asked' : type === 'deferred' ? 'later' : 'open';
/** Heads that are neither a yes nor a no of the person: asked, run out, or a yes that was declared void. */
const open: readonly ConsentType[] = ['requested', 'deferred', 'expired', 'invalidated'];

/** Whose page is drawn, and in which notice's words. */
interface Page {
  wanted: readonly string[];
  notice: Unpublished | undefined;
}

/** One connection with its manifest. */
type Row = Record<string, unknown>;

const rowsOf = (read: Reading, brandId: string): Row[] =>
  read
    .hot(
      `select i.id, i.sandbox, i.connection, m.body_json from integration i
       join manifest m on m.brand_id = i.brand_id and m.hash = i.manifest_hash
       where i.brand_id = ? and iif(json_valid(m.body_json), json_array_length(m.body_json, '$.fields') > 0, 0)
       order by i.provider`,
    )
    .all(brandId);

/** What a browser nobody knows would read under a notice, published or not: each switch as never asked. */
export const strangersChoices = (
  read: Reading,
  brandId: string,
  notice: Unpublished | undefined,
): IntegrationChoice[] =>
  rowsOf(read, brandId).flatMap((row) => (row.connection === 'active' ? [blankIntegration(row, notice)] : []));

/**
 * Every switch of the preference page for one browser, in the first offered language of `wanted`. With a reader, each
 * question is served anew and carries its nonce; without one (`undefined`) nothing is stored, and the switches say what
 * would be asked. A connection that shares nothing has no switch: there is nothing to say yes or no to (R21).
 */
export async function choicesOf(
  d: ConsentDeps & { store: Store; fence: Fence },
  brandId: string,
  reader: PreferenceReader | undefined,
  wanted: readonly string[] = [],
): Promise<IntegrationChoice[]> {
  const notice = noticeFor(d.store.read, brandId, wanted);
  if (!reader) return strangersChoices(d.store.read, brandId, notice);
  const page: Page = { wanted, notice };
  const rows = rowsOf(d.store.read, brandId);
  const draw = (tx: Reading, serve?: Tx) =>
    rows.flatMap((row) => {
      try {
        return [drawIntegration(d, tx, serve, page, reader, row)];
      } catch (e) {
        // An unreadable record gets nothing (R16), and must not take the other switches with it.
        if (serve && storeFailed(e)) throw e;
        return [];
      }
    });
  // A store that cannot write still shows what is true; a switch there has no nonce, so a yes asks once more (R35).
  const all = await d.store.write((tx) => draw(tx, tx)).catch(() => draw(d.store.read));
  // A partner that is gone, and that this person never answered, is none of their business.
  return all.filter((i) => i.connected || i.purposes.some((p) => p.since));
}

function blankIntegration(row: Row, notice: Unpublished | undefined): IntegrationChoice {
  const manifest = JSON.parse(row.body_json as string) as ShareFacts['manifest'];
  const id = row.id as string;
  const purposes = [...new Set(manifest.fields.map((f) => f.purpose))].map((purpose): PurposeChoice => {
    const block = notice?.blocks.find(sameTopic(id, purpose));
    return {
      purpose,
      because: mainReason({ manifest, purpose }),
      fields: declaredFor(manifest, purpose).map((f) => ({ field: f.name, because: f.because, state: 'open' })),
      state: 'open',
      ...receivesOf(declaredFor(manifest, purpose)),
      notice: block?.text ?? '',
      ...(block && notice ? { noticeLang: notice.lang } : {}),
      ...(block?.facts ? { noticeFacts: block.facts } : {}),
      nonce: '',
    };
  });
  return {
    id,
    partner: manifest.name,
    sandbox: row.sandbox === 1,
    connected: row.connection === 'active',
    ...(manifest.ai ? { ai: true as const } : {}),
    recipient: {
      legalName: manifest.recipient.legalName,
      countries: manifest.recipient.countries,
      policy: manifest.policy,
    },
    purposes,
  };
}

function drawIntegration(
  d: ConsentDeps & { store: Store; fence: Fence },
  tx: Reading,
  serve: Tx | undefined,
  page: Page,
  reader: PreferenceReader,
  row: Row,
): IntegrationChoice {
  const blank = blankIntegration(row, page.notice);
  const out = whatIsOut(tx, d.fence, { ...reader, integrationId: blank.id });
  const last = out.at(-1);
  return {
    ...blank,
    purposes: blank.purposes.map((choice) => drawChoice(d, tx, serve, page, reader, blank, choice)),
    ...(last
      ? {
          alreadyOut: { fields: [...new Set(out.flatMap((o) => o.fields))], at: last.at, ...toldOf(d.store.read, out) },
        }
      : {}),
  };
}

/** Whether the partner was told to stop using what it got: the least far of its jobs (GATE.md i). */
function toldOf(read: Reading, out: readonly AlreadyOut[]): Pick<NonNullable<IntegrationChoice['alreadyOut']>, 'told'> {
  const jobs = out.flatMap((o) =>
    read
      .hot(
        `select j.state, j.due_at from propagation_cover c join propagation_job j on j.id = c.job_id
         where c.disclosure_id = ? and c.action = 'suppress'`,
      )
      .all(o.disclosure),
  );
  const waiting = jobs.find((j) => j.state !== 'acknowledged' && j.state !== 'impossible');
  const job = waiting ?? jobs.find((j) => j.state === 'impossible') ?? jobs[0];
  if (!job) return {};
  const state = waiting ? 'waiting' : job.state === 'impossible' ? 'impossible' : 'told';
  return { told: { state, dueAt: job.due_at as string } };
}

function drawChoice(
  d: ConsentDeps,
  tx: Reading,
  serve: Tx | undefined,
  { wanted }: Page,
  reader: PreferenceReader,
  { id, connected }: IntegrationChoice,
  blank: PurposeChoice,
): PurposeChoice {
  const { brandId, subjectId } = reader;
  const key = { brandId, subjectId, integrationId: id, purpose: blank.purpose };
  const facts = readShareFacts(tx, d.keys, key);
  const { head } = facts;
  const context = contextOf(
    facts,
    blank.fields.map((f) => f.field),
    d.now(),
    blank.receives ? 'in' : 'out',
  );
  const decision = decideShare(context.fields.map((f) => ({ ...f, need: false })));
  const denied = Object.values(decision.denied)[0];
  const given = head?.type === 'given' || head?.type === 'renewed';
  const yes = given && decision.effect === 'allow';
  const no = head !== undefined && !given && !open.includes(head.type);
  const receipt = head && tx.hot('select id from receipt where brand_id = ? and event_seq = ?').get(brandId, head.seq);
  const nonce =
    serve && connected ? serveQuestion(serve, d, { ...reader, ...key, surface: 'preferences', wanted }).nonce : '';
  const read = head?.noticeHash && head.type !== 'requested' ? noticeVersion(tx, brandId, head.noticeHash) : undefined;
  return {
    ...blank,
    fields: blank.fields.map((f) => ({
      ...f,
      state:
        given && head.fields.includes(f.field) ? 'yes' : head?.asked.includes(f.field) && (given || no) ? 'no' : 'open',
    })),
    state: yes || (given && !connected) ? 'yes' : no ? 'no' : unanswered(head?.type),
    ...(denied && !yes ? { reason: reasonOf(denied, head) } : {}),
    ...(head ? { since: head.at } : {}),
    ...(no ? { notBefore: yearAfter(head.at) } : {}),
    ...(receipt ? { receipt: `/receipts/${receipt.id}` } : {}),
    ...(read ? { answered: read } : {}),
    nonce,
  };
}
