import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findLeak, type LeakInputs } from '../../../server/egress/byte-check.ts';

const email = 'Ada.Brandt+shop@harbor.example';
const phone = '+45 12 34 56 78';
const name = 'Ada Brandt';
const company = 'Łódź "Boats" & Søn';
const transcript = 'Visitor: My knee hurts since the accident\nAgent: I am sorry to hear that';
const inputs = (
  denied: LeakInputs['denied'],
  allowed: LeakInputs['allowed'] = {},
  constants: string[] = [],
): LeakInputs => ({ denied, allowed, constants });
const inBody = (body: unknown) => ({
  path: '/contacts',
  headers: {},
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const hex = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('hex');
const b64 = (text: string) => Buffer.from(text).toString('base64');

const disguises: [string, (value: string) => string][] = [
  ['raw', (v) => v],
  ['lower case', (v) => v.toLowerCase()],
  ['upper case', (v) => v.toUpperCase()],
  ['URL-encoded', encodeURIComponent],
  ['URL-encoded in small letters', (v) => encodeURIComponent(v).toLowerCase()],
  ['form-encoded', (v) => new URLSearchParams({ v }).toString().slice(2)],
  ['percent for every byte', (v) => [...Buffer.from(v)].map((b) => `%${b.toString(16).padStart(2, '0')}`).join('')],
  ['base64', b64],
  ['base64url', (v) => Buffer.from(v).toString('base64url')],
  ['base64 of small letters', (v) => b64(v.toLowerCase())],
  ['base64 inside a longer text', (v) => b64(`{"k":"${v}"}`)],
  ['base64 one byte further', (v) => b64(`x{"k":"${v}"}`)],
  ['base64 two bytes further', (v) => b64(`xy{"k":"${v}"}`)],
  ['SHA-256', (v) => hex('sha256', v)],
  ['SHA-256 of small letters, in capitals', (v) => hex('sha256', v.toLowerCase()).toUpperCase()],
  ['MD5', (v) => hex('md5', v)],
  ['JSON-escaped', (v) => JSON.stringify(v).slice(1, -1)],
  ['JSON-escaped twice', (v) => JSON.stringify(JSON.stringify(v)).slice(3, -3)],
  ['JSON in pure ASCII', (v) => [...v].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')],
  ['decomposed', (v) => v.normalize('NFD')],
];

describe('GATE-e1.3 a denied value is found', () => {
  test.each(disguises)('%s, in body, path, query and header', (_, disguise) => {
    for (const [field, value] of Object.entries({ email, phone, company })) {
      const text = disguise(value);
      const denied = inputs({ [field]: value });
      expect(findLeak(inBody(`{"note":"${text}"}`), denied)).toBe(field);
      expect(findLeak({ path: `/contacts/${text}`, headers: {}, body: '' }, denied)).toBe(field);
      expect(findLeak({ path: `/search?q=${text}`, headers: {}, body: '' }, denied)).toBe(field);
      expect(findLeak({ path: '/', headers: { 'x-note': text }, body: '' }, denied)).toBe(field);
    }
  });
  test('a phone number without its blanks', () => {
    expect(findLeak(inBody({ p: '+4512345678' }), inputs({ phone }))).toBe('phone');
  });
  test('one line of a transcript', () => {
    expect(findLeak(inBody({ note: 'my knee hurts since the accident.' }), inputs({ transcript }))).toBe('transcript');
  });
  test('as the key of an object', () => {
    expect(findLeak(inBody({ [email]: 1 }), inputs({ email }))).toBe('email');
  });
  test('next to an allowed value that overlaps it', () => {
    expect(findLeak(inBody({ name: 'Ada Brandt' }), inputs({ name }, { company: 'Ada' }))).toBe('name');
    expect(findLeak(inBody({ a: email, b: 'Brandt' }), inputs({ name: 'Brandt' }, { email }))).toBe('name');
  });
  test('property: wherever it stands, whatever stands around it', () => {
    const around = fc.string({ unit: 'grapheme', maxLength: 30 });
    fc.assert(
      fc.property(
        fc.emailAddress(),
        around,
        around,
        fc.constantFrom(...disguises.slice(0, 10)),
        (value, a, b, [, disguise]) => {
          fc.pre(value.length >= 4);
          expect(findLeak(inBody({ [`k${a}`]: `${a} ${disguise(value)} ${b}` }), inputs({ email: value }))).toBe(
            'email',
          );
        },
      ),
    );
  });
});

describe('GATE-e1.3 what may leave is let through', () => {
  const fine: [string, Parameters<typeof findLeak>[0], LeakInputs][] = [
    ['a request without the value', inBody({ email }), inputs({ phone, name, company }, { email })],
    ['a name inside another word', inBody({ city: 'Annapurna', note: 'Joanna' }), inputs({ name: 'Anna' })],
    [
      'a name inside an allowed e-mail',
      inBody({ email: 'anna@x.example' }),
      inputs({ name: 'Anna' }, { email: 'anna@x.example' }),
    ],
    [
      'the same, URL-encoded',
      { path: `/c/${encodeURIComponent('anna@x.example')}`, headers: {}, body: '' },
      inputs({ name: 'Anna' }, { email: 'anna@x.example' }),
    ],
    [
      'the same, in base64',
      inBody({ id: b64('anna@x.example') }),
      inputs({ name: 'Anna' }, { email: 'anna@x.example' }),
    ],
    [
      'a name that is a word of the adapter',
      inBody({ note: 'x', hs_note_body: 'y' }),
      inputs({ name: 'Note' }, {}, ['note', 'hs_note_body']),
    ],
    [
      'a name equal to an allowed one',
      inBody({ company: 'Brandt' }),
      inputs({ name: 'Brandt' }, { company: 'Brandt' }),
    ],
    [
      'the hash of a value equal to an allowed one',
      inBody({ h: hex('sha256', 'brandt') }),
      inputs({ name: 'Brandt' }, { company: 'brandt' }),
    ],
    [
      'an e-mail inside an allowed transcript',
      inBody({ note: `Visitor: write to ${email}` }),
      inputs({ email }, { transcript: `Visitor: write to ${email}` }),
    ],
    [
      'the same, turned into HTML line by line',
      inBody({ note: `<p>A &amp; B, write to ${email} please</p>` }),
      inputs({ email }, { transcript: `Hello\nA & B, write to ${email} please` }),
    ],
    ['values under four characters', inBody({ a: 'Bo', b: '123' }), inputs({ name: 'Bo', phone: '123' })],
    ['nothing to look for', inBody({ email }), inputs({}, { email })],
  ];
  test.each(fine)('%s', (_, request, given) => {
    expect(findLeak(request, given)).toBeUndefined();
  });
  test('but not the denied e-mail alone, though a transcript holds it', () => {
    const given = inputs({ email }, { transcript: `Hello\nVisitor: write to ${email} please` });
    expect(findLeak(inBody({ email }), given)).toBe('email');
    const alone = inputs({ email }, { transcript: `Hello\nVisitor: ${email}\n${email}` });
    expect(findLeak(inBody({ email }), alone)).toBe('email');
  });
});
