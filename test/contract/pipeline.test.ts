import { afterAll, beforeAll, expect, test } from 'vitest';
import { undeclared } from './carried.ts';
import { clean, cut, type Description, prepare, schemasOf } from './description.ts';
import { type Judge, requestViolations, startJudge } from './prism.ts';
import { wrongVersions } from './wrong-versions.ts';

// a description of our own with the defects PARTNERS.md 4 was written for
const made: Description = {
  openapi: '3.0.1',
  info: { title: 'made for this test', version: '1' },
  servers: [{ url: 'https://partner.example' }],
  tags: [{ name: 'dropped' }],
  paths: {
    '/people': {
      post: {
        tags: ['dropped'],
        security: [{ bearer: [] }],
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Person' } } },
        },
        responses: {
          '201': {
            description: '',
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Person' } } },
          },
          default: {
            description: '',
            content: { '*/*': { schema: { $ref: '#/components/schemas/Failure' }, example: null } },
          },
        },
      },
    },
    '/remote': { get: { responses: { default: { $ref: 'https://elsewhere.example/x.json' } } } },
    '/dangling': { get: { responses: { default: { $ref: '#/components/schemas/Gone' } } } },
    '/free': {
      post: {
        requestBody: { content: { 'application/json': { schema: { type: 'object', properties: { a: {} } } } } },
        responses: { '204': { description: '' } },
      },
    },
  },
  components: {
    securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
    schemas: {
      Person: {
        type: 'object',
        required: ['email'],
        properties: { email: { type: 'string', example: null }, age: { type: 'integer' }, any: { nullable: true } },
      },
      Failure: { type: 'object', required: ['message'], properties: { message: { type: 'string' } } },
      Unused: { type: 'object' },
    },
  },
};
const right = {
  method: 'POST',
  path: '/people',
  headers: { authorization: 'Bearer x', 'content-type': 'application/json' },
  body: JSON.stringify({ email: 'ada.brandt@example.com', age: 4 }),
};

let judge: Judge;
beforeAll(async () => {
  judge = await startJudge([prepare(made, ['POST /people', 'POST /free'], [])]);
}, 60_000);
afterAll(() => judge.stop());

test('contract pipeline: a cut keeps what is reached, drops the rest, and cutting it again changes nothing', () => {
  const once = cut(made, ['POST /people']);
  expect(Object.keys(once.paths)).toEqual(['/people']);
  expect(Object.keys((once.components?.schemas ?? {}) as object).sort()).toEqual(['Failure', 'Person']);
  expect(JSON.stringify(once)).not.toContain('dropped');
  expect(cut(once, ['POST /people'])).toEqual(once);
});

test('contract pipeline: a missing operation, a remote and a dangling reference stop it', () => {
  expect(() => cut(made, ['GET /people'])).toThrow('has no GET /people');
  expect(() => cut(made, ['GET /remote'])).toThrow('Remote reference');
  expect(() => cut(made, ['GET /dangling'])).toThrow('Dangling reference');
});

test('contract pipeline: the gate refuses what AJV cannot compile, and cleaning heals it without touching the source', () => {
  const before = JSON.stringify(made);
  expect(() => schemasOf(cut(made, ['POST /people'])).gate(['POST /people'])).toThrow(/nullable/);
  expect(() => schemasOf(clean(cut(made, ['POST /people']))).gate(['POST /people'])).not.toThrow();
  expect(JSON.stringify(made)).toBe(before);
});

test('contract pipeline: a right request passes; dropped, changed and unsigned ones are refused', async () => {
  expect(await judge.judge(right)).toMatchObject({ refused: false, status: 201 });
  const hows = new Set<string>();
  for (const { how, request } of wrongVersions(right)) if ((await judge.judge(request)).refused) hows.add(how);
  expect([...hows].sort()).toEqual(['credentials taken away', 'property dropped', 'type changed']);
  expect((await judge.judge({ ...right, path: '/nowhere' })).reasons[0]).toContain('stoplight.io/prism/errors#');
});

test('contract pipeline: an operation that refuses nothing is found out', async () => {
  const free = { ...right, path: '/free', body: JSON.stringify({ a: 1 }) };
  const refused = await Promise.all(wrongVersions(free).map(({ request }) => judge.judge(request)));
  expect(refused.length).toBeGreaterThan(2);
  expect(refused.some((one) => one.refused)).toBe(false);
});

test('contract pipeline: violations of the vendor’s own examples do not count, cut-off lists of ours do', () => {
  expect(requestViolations('[{"location":["response","body"],"message":"m"}]')).toEqual([]);
  expect(requestViolations('[{"location":["request","body"],"message":"m"}]')).toEqual(['request.body: m']);
  expect(requestViolations('Too many violations! [{"location":["request","bo')).toHaveLength(1);
  expect(requestViolations(null)).toEqual([]);
});

test('contract pipeline: a correction is applied to the copy', () => {
  const lax = prepare(
    made,
    ['POST /people'],
    [
      {
        reason: 'tried here',
        apply: ({ components = {} }) => {
          delete (components.schemas as Record<string, { required?: string[] }>).Person?.required;
        },
      },
    ],
  );
  expect(JSON.stringify(lax)).not.toContain('"required":["email"]');
  expect(JSON.stringify(made)).toContain('"required":["email"]');
});

test('R13 contract pipeline: a value that leaves undeclared is found, whatever its name', () => {
  const visitor = {
    name: 'Ada Brandt',
    email: 'ada.brandt@example.com',
    phone: '+4520104800',
    company: 'Nordlys',
    transcript: 'Hello there',
  };
  const carries = { email: 'email', first: 'name', note: 'fixed', tel: 'phone' } as const;
  const look = (body: unknown, path = '/people') =>
    undeclared([{ method: 'POST', path, body: JSON.stringify(body) }], {
      visitor,
      declared: ['email', 'name'],
      carries,
    });
  expect(look({ email: visitor.email, first: 'Ada', note: 'Chat 12' })).toEqual([]);
  expect(look({ bogus: 'anything' })[0]).toContain('bogus');
  expect(look({ tel: visitor.phone })[0]).toContain('"phone"');
  expect(look({ note: 'works at Nordlys' })[0]).toContain('"company"');
  expect(look({ email: visitor.email }, `/people/${encodeURIComponent(visitor.email)}`)[0]).toContain('address');
  expect(look({ email: 'someone@else.example' })[0]).toContain('something else');
});
