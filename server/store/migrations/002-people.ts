/** Tables of better-auth, as its own schema wants them for our configuration (test/unit/people holds them equal). */
export const people: string[] = [];
