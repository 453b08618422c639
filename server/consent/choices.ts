import type { IntegrationChoice, PurposeChoice } from '#contract/choices.ts';
import { declaredFor } from '#contract/connection.ts';
import { reasons } from '#contract/consent.ts';
import type { Fence } from '../egress/fence.ts';
import { decideShare } from '../gate/decide.ts';
import { contextOf } from '../gate/derive.ts';
import type { Store, Tx } from '../store/open.ts';
import { readShareFacts, type ShareFacts, sameTopic } from '../store/share-facts.ts';
import type { ConsentDeps } from './events.ts';
import { noticeFor } from './languages.ts';
import { noticeVersion } from './notice-versions.ts';
import { mainReason, type Unpublished } from './notices.ts';
import type { PreferenceReader } from './preferences.ts';
import { serveQuestion } from './questions.ts';
import { whatIsOut } from './under-way.ts';

type Reading = Pick<Tx, 'hot'>;

/** Nobody asks again for a year after a no (GATE.md c, "Asking again"). */
const yearAfter = (iso: string): string => {
  const d = new Date(iso);
  d.setUTCFullYear(d.getUTCFullYear() + 1);
  return d.toISOString();
};

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
       join manifest m on m.brand_id = i.brand_id and m.hash = i.manifest_hash where i.brand_id = ? order by i.provider`,
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
 * would be asked.
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
        if (serve && (e as { code?: string } | null)?.code === 'ERR_SQLITE_ERROR') throw e;
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
    ...(last ? { alreadyOut: { fields: [...new Set(out.flatMap((o) => o.fields))], at: last.at } } : {}),
  };
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
  );
  const decision = decideShare(context.fields.map((f) => ({ ...f, need: false })));
  const denied = Object.values(decision.denied)[0];
  const given = head?.type === 'given' || head?.type === 'renewed';
  const yes = given && decision.effect === 'allow';
  const no =
    head !== undefined && !given && head.type !== 'requested' && head.type !== 'deferred' && head.type !== 'expired';
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
    state: yes || (given && !connected) ? 'yes' : no ? 'no' : head?.type === 'requested' ? 'asked' : 'open',
    ...(denied && !yes ? { reason: reasons[denied] } : {}),
    ...(head ? { since: head.at } : {}),
    ...(no ? { notBefore: yearAfter(head.at) } : {}),
    ...(receipt ? { receipt: `/receipts/${receipt.id}` } : {}),
    ...(read ? { answered: read } : {}),
    nonce,
  };
}
