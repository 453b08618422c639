/** Harbor ID, the sandbox identity provider: who it is, as an operator would state it of a real one (R14, R15). */
export const harborId = {
  name: 'Harbor ID',
  docs: 'https://harbor-id.example/docs',
  policy: 'https://harbor-id.example/privacy',
  recipient: {
    legalName: 'Harbor ID (sandbox)',
    address: 'this computer: a sandbox beside the hub',
    countries: ['DK'],
    role: 'third_party' as const,
    retention: 'until the demo starts again',
  },
  issuer: 'https://harbor-id.example',
  hosts: ['harbor-id.example'],
};

/** A made-up person who has an account there; claims as OpenID Connect Core 5.1 names them. */
export interface TestPerson {
  sub: string;
  name: string;
  email: string;
  email_verified: boolean;
  phone_number?: string;
}

/** The only people who can sign in: whoever comes this way is one of them (R15). */
export const testPeople: readonly TestPerson[] = Object.freeze([
  {
    sub: 'person-1',
    name: 'Ada Brandt',
    email: 'ada@brandt.example',
    email_verified: true,
    phone_number: '+45 20 55 04 18',
  },
  { sub: 'person-2', name: 'Noor Haddad', email: 'noor@haddad.example', email_verified: true },
]);

/** The test person with this subject, or undefined. */
export const personOf = (sub: string): TestPerson | undefined => testPeople.find((person) => person.sub === sub);
