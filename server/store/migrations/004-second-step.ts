/** better-auth's two-factor tables, as its own schema adds them, and the newest step of a code each person has used. */
export const secondStepPeople: string[] = [
  `alter table "user" add column "twoFactorEnabled" integer default 0`,
  `alter table "session" add column "mfaAt" text`,
  `create table "twoFactor" ("id" text not null primary key, "secret" text not null, "backupCodes" text not null, "userId" text not null references "user" ("id") on delete cascade, "verified" integer, "failedVerificationCount" integer, "lockedUntil" date)`,
  `create index "twoFactor_secret_idx" on "twoFactor" ("secret")`,
  `create index "twoFactor_userId_idx" on "twoFactor" ("userId")`,
  // Ours: a code is good once, also inside its 30 seconds (RFC 6238, 5.2); the library keeps no such mark.
  `create table second_step_used (user_id text primary key references "user" (id) on delete cascade,
    step integer not null) strict`,
];

/** Brands that ask everyone for a second step, and when a pairing's approver had given theirs (SECURITY.md BA1, BA8). */
export const secondStepBrands: string[] = [
  'create table second_step_demand (brand_id text primary key, since text not null) strict',
  'alter table pairing add column mfa_at text',
];
