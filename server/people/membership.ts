import type { Store } from '../store/open.ts';

/** Roles of a brand (R49 as far as they are in use); any other word in the row gives no right. */
export const roles = ['owner', 'admin', 'agent'] as const;
/** One role. */
export type Role = (typeof roles)[number];

/** A person's place in a brand, as the row says now (SECURITY.md BA9). */
export interface Membership {
  memberId: string;
  userId: string;
  name: string;
  email: string;
  role: Role;
  brandId: string;
  brandName: string;
  brandSlug: string;
  /** True once this person has set up a second step. */
  hasStep: boolean;
  /** True while the brand asks everyone for one. */
  stepDemanded: boolean;
}
/** An invitation that can still be taken. */
export interface Invitation {
  id: string;
  brandId: string;
  email: string;
}

const text = (v: unknown): string => (typeof v === 'string' ? v : '');
const isRole = (v: string): v is Role => (roles as readonly string[]).includes(v);

/** One spelling of an address for look-ups: trimmed, lower case. */
export const plainAddress = (email: string): string => email.trim().toLowerCase();

const places = `select m.id as memberId, u.id as userId, u.name as name, u.email as email, m.role as role,
    b.id as brandId, b.name as brandName, b.slug as brandSlug, u."twoFactorEnabled" as hasStep,
    exists (select 1 from second_step_demand d where d.brand_id = b.id) as stepDemanded
  from "member" m join "user" u on u.id = m."userId" join brand b on b.id = m."organizationId" where m."userId" = ?`;

/** A row as a membership; nothing when it is gone or its role is not ours. */
function placeOf(row: Record<string, unknown> | undefined): Membership | undefined {
  const role = text(row?.role);
  if (!row || !isRole(role)) return undefined;
  return Object.freeze({
    memberId: text(row.memberId),
    userId: text(row.userId),
    name: text(row.name),
    email: text(row.email),
    role,
    brandId: text(row.brandId),
    brandName: text(row.brandName),
    brandSlug: text(row.brandSlug),
    hasStep: row.hasStep === 1,
    stepDemanded: row.stepDemanded === 1,
  });
}

/** The membership row of a person in a brand, read now; nothing when it is gone or its role is not ours. */
export const membership = (store: Store, userId: string, brandId: string): Membership | undefined =>
  placeOf(store.read.hot(`${places} and m."organizationId" = ?`).get(userId, brandId));

/** A person's places in all their brands, by the brand's name, read now (R64). */
export const memberships = (store: Store, userId: string): Membership[] =>
  store.read
    .hot(`${places} order by b.name, b.id`)
    .all(userId)
    .flatMap((row) => placeOf(row) ?? []);

/** All members of a brand, by name. */
export function members(store: Store, brandId: string): Membership[] {
  const rows = store.read
    .hot(
      'select m."userId" as id from "member" m join "user" u on u.id = m."userId" where m."organizationId" = ? order by u.name',
    )
    .all(brandId);
  return rows.flatMap((r) => membership(store, text(r.id), brandId) ?? []);
}

/** The brand a person joined first: the one a new session opens. */
export function oldestBrand(store: Store, userId: string): string | undefined {
  const row = store.read
    .hot('select "organizationId" as id from "member" where "userId" = ? order by "createdAt", id limit 1')
    .get(userId);
  return row && text(row.id);
}

/** The newest invitation of an address that is pending and not over at `now` (ms). */
export function liveInvitation(store: Store, email: string, now: number): Invitation | undefined {
  const row = store.read
    .hot(
      `select id, "organizationId" as brandId, email from "invitation"
       where lower(email) = ? and status = 'pending' and "expiresAt" > ? order by "createdAt" desc limit 1`,
    )
    .get(plainAddress(email), new Date(now).toISOString());
  return row && { id: text(row.id), brandId: text(row.brandId), email: text(row.email) };
}

/** True for an address that may sign in: a member of some brand, or invited. */
export function isKnown(store: Store, email: string, now: number): boolean {
  const row = store.read
    .hot('select 1 as one from "user" u join "member" m on m."userId" = u.id where u.email = ? limit 1')
    .get(plainAddress(email));
  return row !== undefined || liveInvitation(store, email, now) !== undefined;
}
