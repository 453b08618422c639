import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import type { Entry } from '#contract/chat.ts';
import { closureOf, raiseEpoch } from '../store/closure.ts';
import type { Tx } from '../store/open.ts';
import { mac } from '../store/seal.ts';
import type { Suppressed } from '../store/share-facts.ts';
import { type OptOutDeps, optOutIn } from './opt-out.ts';

/** What knowing an address again needs: the hub's own key, outside the database (GATE.md f, "Suppression token"). */
export interface AddressDeps {
  pepper: Buffer;
}

/** Kinds of identifiers a person can be found by. */
export type AddressKind = 'email' | 'phone' | 'account';

/** The keyed name of an identifier within one brand: HMAC(pepper, brand ‖ kind ‖ identifier), base64url. */
export const lookupOf = (pepper: Buffer, brandId: string, kind: AddressKind, normalised: string): string =>
  mac(pepper, JSON.stringify([brandId, kind, normalised]));

/** One plain mail address: no name, no list, no route (RFC 5322, 3.4), so that one mail goes to one mailbox. */
export const oneAddress = /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+\.[^\s@<>,;:"()[\]\\]+$/;

/** A mail address as it is compared (GATE.md f): NFKC, trimmed, lower case. Never where a mail is sent to. */
export const plainMailbox = (address: string): string => address.normalize('NFKC').trim().toLowerCase();

/** The keyed name of a mailbox within one brand, in whatever letters its address is written. */
export const mailboxName = (pepper: Buffer, brandId: string, address: string): string =>
  lookupOf(pepper, brandId, 'email', plainMailbox(address));

/**
 * An address as GATE.md f normalises it: NFKC, trimmed, lower case; a phone number as E.164, read in the brand's
 * country where it has no country code of its own. Undefined for a phone number that cannot be one.
 */
function normalised(kind: 'email' | 'phone', value: string, country: string): string | undefined {
  const plain = plainMailbox(value);
  if (kind === 'email') return plain;
  return parsePhoneNumberFromString(plain, country as CountryCode)?.number;
}

/** A phone number with a country code as it is dialled inside its country, digits alone; undefined for any other. */
export const inlandNumber = (value: string): string | undefined => parsePhoneNumberFromString(value)?.nationalNumber;

/** True where an address could be one at all: a mail address loosely, a number by its digits. */
export const looksRight = ({ kind, value }: { kind: 'email' | 'phone'; value: string }): boolean =>
  kind === 'email' ? /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value) : /^[+\d][\d\s()./-]{3,}$/.test(value);

const countryOf = (tx: Pick<Tx, 'hot'>, brandId: string): string =>
  String(tx.hot('select country from brand where id = ?').get(brandId)?.country ?? '');

/**
 * Notes by which addresses a person can be found, and counts them as opted out where one of them was turned off before
 * they were known (GATE.md k.12). Called in the commit in which an address first appears. The address itself is not kept here.
 */
export function noteAddresses(
  tx: Tx,
  d: AddressDeps & { now: () => Date },
  who: { brandId: string; subjectId: string },
  values: { email?: string | undefined; phone?: string | undefined },
): void {
  const country = countryOf(tx, who.brandId);
  for (const kind of ['email', 'phone'] as const) {
    const plain = values[kind] && normalised(kind, values[kind], country);
    if (!plain) continue;
    const lookup = lookupOf(d.pepper, who.brandId, kind, plain);
    tx.hot(
      `insert into identifier (brand_id, kind, lookup_hmac, subject_id, verified_at) values (?, ?, ?, ?, null)
       on conflict (brand_id, kind, lookup_hmac, subject_id) do nothing`,
    ).run(who.brandId, kind, lookup, who.subjectId);
    const off = tx
      .hot('select integration_id, created_seq from suppression where brand_id = ? and token_hmac = ?')
      .all(who.brandId, lookup);
    // From the moment it matches: what was said by somebody under another name does not outlive it.
    for (const { integration_id } of off) suppress(tx, d, who, integration_id as string);
  }
}

/**
 * Takes away that a person is found by an address: it is not theirs any more, so links mailed there open nothing. What it
 * was turned off for stays so.
 */
export function dropAddress(
  tx: Tx,
  d: AddressDeps,
  who: { brandId: string; subjectId: string },
  { kind, value }: { kind: 'email' | 'phone'; value: string },
): void {
  const plain = normalised(kind, value, countryOf(tx, who.brandId));
  if (!plain) return;
  const lookup = lookupOf(d.pepper, who.brandId, kind, plain);
  tx.hot('delete from identifier where brand_id = ? and kind = ? and lookup_hmac = ? and subject_id = ?').run(
    who.brandId,
    kind,
    lookup,
    who.subjectId,
  );
  tx.hot(
    "delete from preference_session where kind = 'mail' and brand_id = ? and subject_id = ? and lookup_hmac = ?",
  ).run(who.brandId, who.subjectId, lookup);
}

function suppress(
  tx: Tx,
  d: { now: () => Date },
  who: { brandId: string; subjectId: string },
  integration: string,
): void {
  const row = tx
    .hot('select suppressed_json from subject where id = ? and brand_id = ?')
    .get(who.subjectId, who.brandId);
  const before = JSON.parse((row?.suppressed_json as string | null) ?? '[]') as Suppressed[];
  const now: Suppressed = { integration, seq: tx.seq(), at: d.now().toISOString() };
  const kept = before.filter((s) => s.integration !== integration);
  tx.hot('update subject set suppressed_json = ? where id = ? and brand_id = ?').run(
    JSON.stringify([...kept, now]),
    who.subjectId,
    who.brandId,
  );
  raiseEpoch(tx, who.brandId, closureOf(tx, who.brandId, who.subjectId));
}

/** Turns every partner off for each address a person gave, as if it were given on the public page (R45). */
export function suppressAddresses(tx: Tx, d: { now: () => Date }, who: { brandId: string; subjectId: string }): void {
  const known = tx
    .hot('select lookup_hmac from identifier where brand_id = ? and subject_id = ?')
    .all(who.brandId, who.subjectId);
  for (const { lookup_hmac } of known) putToken(tx, who.brandId, lookup_hmac as string);
  suppress(tx, d, who, '*');
}

const putToken = (tx: Tx, brandId: string, lookup: string): void =>
  tx
    .hot(
      `insert into suppression (brand_id, token_hmac, integration_id, created_seq) values (?, ?, '*', ?)
       on conflict (brand_id, token_hmac, integration_id) do nothing`,
    )
    .run(brandId, lookup, tx.seq());

/**
 * Turns every partner off for an address, without sign-in and before anybody knows it (GATE.md k.12, R35): a token is
 * kept, whoever is known by the address is opted out at once, and whoever appears with it later is opted out from the
 * start. The answer is the same for an address nobody knows. Resolves when it is in force.
 */
export async function optOutAddress(
  d: OptOutDeps & AddressDeps,
  brandId: string,
  address: { kind: 'email' | 'phone'; value: string },
): Promise<boolean> {
  const { read } = d.store;
  const plain = normalised(address.kind, address.value, countryOf(read, brandId));
  if (!plain) return false;
  const lookup = lookupOf(d.pepper, brandId, address.kind, plain);
  const { people, entries } = await d.store.write((tx) => {
    putToken(tx, brandId, lookup);
    const known = tx
      .hot('select subject_id from identifier where brand_id = ? and kind = ? and lookup_hmac = ?')
      .all(brandId, address.kind, lookup);
    const integrations = tx.hot('select id from integration where brand_id = ?').all(brandId);
    const entries: Entry[] = [];
    const people = new Set<string>();
    for (const { subject_id } of known) {
      const who = { brandId, subjectId: subject_id as string };
      for (const { id } of integrations) {
        const done = optOutIn(tx, d, { ...who, integrationId: id as string, method: 'address' });
        entries.push(...done.entries);
      }
      suppress(tx, d, who, '*');
      people.add(closureOf(tx, brandId, who.subjectId).root);
    }
    return { people, entries };
  });
  for (const subjectId of people) d.fence.cancel({ subjectId });
  d.publish(entries, brandId);
  return true;
}

/**
 * Keeps that another system says this address once said yes, and nothing more: it grants nothing (GATE.md k.23). False
 * for a number that is none in the brand's country.
 */
export async function noteClaim(
  d: { store: OptOutDeps['store']; now: () => Date } & AddressDeps,
  brandId: string,
  address: { kind: 'email' | 'phone'; value: string },
): Promise<boolean> {
  const plain = normalised(address.kind, address.value, countryOf(d.store.read, brandId));
  if (!plain) return false;
  await d.store.write((tx) =>
    tx
      .hot(
        `insert into imported_claim (brand_id, token_hmac, seq, at) values (?, ?, ?, ?)
         on conflict (brand_id, token_hmac) do nothing`,
      )
      .run(brandId, lookupOf(d.pepper, brandId, address.kind, plain), tx.seq(), d.now().toISOString()),
  );
  return true;
}

/**
 * Keeps, of a person who is being erased, that their addresses said no, and to whom: nothing else of them stays, and the
 * notice of the erasure says so (GATE.md f, "Suppression token"). In the erasure's own transaction, before it deletes.
 */
export function keepOptOuts(tx: Tx, brandId: string, subjectIds: readonly string[]): void {
  const off = new Set<string>();
  for (const id of subjectIds) {
    const said = tx
      .hot(
        `select h.integration_id from consent_head h join consent_event e on e.seq = h.event_seq
         where h.brand_id = ? and h.subject_id = ? and e.type in ('refused', 'withdrawn')`,
      )
      .all(brandId, id);
    for (const row of said) off.add(row.integration_id as string);
    const row = tx.hot('select suppressed_json from subject where id = ? and brand_id = ?').get(id, brandId);
    for (const s of JSON.parse((row?.suppressed_json as string | null) ?? '[]') as Suppressed[]) off.add(s.integration);
  }
  for (const id of subjectIds)
    for (const { lookup_hmac } of tx
      .hot("select lookup_hmac from identifier where brand_id = ? and subject_id = ? and kind <> 'account'")
      .all(brandId, id))
      for (const integration of off)
        tx.hot(
          `insert into suppression (brand_id, token_hmac, integration_id, created_seq) values (?, ?, ?, ?)
           on conflict (brand_id, token_hmac, integration_id) do nothing`,
        ).run(brandId, lookup_hmac as string, integration, tx.seq());
}
