import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fileHead } from '#contract/call.ts';
import { type EndpointName, endpoints } from '#contract/endpoints.ts';
import { createApp } from '../../../server/app.ts';
import { type Chat, care, crm, openChat, openStage, panel, type Stage } from './stage.ts';

let stage: Stage;
let chat: Chat;
beforeAll(async () => {
  stage = await openStage({ after: () => () => {} }); // no checkpoint is written meanwhile
  chat = await openChat(stage);
  for (const limit of Object.values(stage.door.hub.deps.limits)) limit.points = 1_000_000;
});
afterAll(() => stage.close());

/** Rows written by anybody since the store was opened. */
const changes = () => stage.door.store.read.hot('select total_changes() as n').get()?.n as number;
const cookie = () => [...stage.maria.cookies].map(([k, v]) => `${k}=${v}`).join('; ');

/** What is no text: operators of query languages, lists, numbers, and objects that pretend to be text. */
const odd = fc.oneof(
  fc.constantFrom<unknown>(null, true, 0, 7, [], {}, [''], ['yes'], { $ne: '' }, { $gt: '' }, { $regex: '.*' }),
  fc.constant({ toString: 'x', length: 3 }),
  fc.integer(),
  fc.array(fc.string(), { maxLength: 3 }),
  fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer()), { maxKeys: 3 }),
);

const ids = { integration: 'i', purpose: crm };
const secret = 'A'.repeat(43);
/** A whole body of each call that takes one, so that the one wrong member is the only thing wrong. */
const whole: Partial<Record<EndpointName, Record<string, unknown>>> = {
  chatStart: {
    brand: 'b',
    token: secret,
    clientId: 'c',
    text: 't',
    name: 'n',
    email: 'e',
    phone: 'p',
    login: secret,
    recorded: true,
  },
  chatRate: { score: 4, comment: '' },
  chatMail: { clientId: 'c', to: 'ada@brandt.example', lang: 'da' },
  chatLogin: { brand: 'b', integration: 'i', pick: secret },
  chatLoginResult: { pick: secret },
  chatSend: { clientId: 'c', text: 't' },
  chatSeen: { n: 1 },
  chatPage: { address: 'https://shop.example/', title: 'Cars' },
  chatQuestion: { ...ids, lang: 'de' },
  chatAnswer: { nonce: 'n', answers: { email: 'yes' }, later: false },
  chatIdentify: { identity: 'x' },
  panelSend: { clientId: 'c', text: 't' },
  panelSeen: { n: 1 },
  panelNote: { clientId: 'w-note', text: 'Only for us' },
  panelTag: { tag: 'refund', on: true },
  panelAssign: { to: 'u', from: null, note: 'Only for us' },
  panelAvailability: { available: true },
  panelSearch: { words: 'marlin', before: 7 },
  panelArrange: { order: ['i'], pinned: [], folded: ['about'] },
  panelFind: { integration: 'i', record: '101' },
  panelAsk: ids,
  panelReveal: { field: 'phone', reason: 'because' },
  panelClearUnderAge: { reason: 'because' },
  panelRecord: { integration: 'i', purpose: care, by: 'guardian', answer: 'yes', fields: ['email'], evidence: '' },
  panelPreview: ids,
  panelShare: { clientId: 'c', ...ids },
  pairStart: { browser: 'Chrome' },
  pairPoll: { secret: 's' },
  pairRotate: { token: 't' },
};
const posts = (Object.entries(endpoints) as [EndpointName, (typeof endpoints)[EndpointName]][]).filter(
  ([, e]) => e.method === 'POST' && e.input !== fileHead, // an upload: files.test.ts
);

describe('sec-H21 every call of the contract', () => {
  test('each has a whole body here, with every member it takes', () => {
    for (const [name, { input }] of posts) {
      const body = whole[name] ?? {};
      expect([name, input.safeParse(body).success]).toEqual([name, true]);
      expect([name, Object.keys(input.def.shape).sort()]).toEqual([name, Object.keys(body).sort()]);
    }
  });

  test.each(posts)(
    'sec-H21 %s: one member that is no text is 400, names its place, and nothing is written',
    async (name, e) => {
      const members = Object.keys(whole[name] ?? {});
      const headers: Record<string, string> = {
        'content-type': 'application/json',
        origin: stage.door.origin,
        ...(e.caller === 'visitor' ? chat.ada.auth : {}),
        ...(e.caller === 'agent' ? { ...panel, cookie: cookie() } : {}),
      };
      const send = async (body: unknown) => {
        const path = stage.door.origin + e.path.replace(':id', chat.ada.conversation);
        const res = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
        return { status: res.status, body: (await res.json()) as { type: string; detail: string } };
      };
      const before = changes();
      const refused = async (body: unknown, place: string) => {
        const answer = await send(body);
        expect([answer.status, answer.body.type]).toEqual([400, '/problems/bad-input']);
        expect(answer.body.detail).toContain(place);
      };
      for (const top of [[], 'x', 7, null, true, [whole[name]]]) await refused(top, 'the object');
      for (const key of ['$where', '__proto__x', 'constructor', 'toString'])
        await refused({ ...whole[name], [key]: '1' }, 'unrecognized_keys');
      for (const member of members)
        await fc.assert(
          fc.asyncProperty(odd, async (value) => {
            const body = { ...whole[name], [member]: value };
            fc.pre(!e.input.safeParse(body).success); // a yes or no, a list of fields: what fits is no mistake
            await refused(body, member);
          }),
          { numRuns: 15 },
        );
      expect(changes()).toBe(before);
    },
  );
});

describe('sec-H21 every form and every page of the hub', () => {
  /** All that is mounted, with ids of things that are there. */
  const routes = () => {
    const app = createApp(stage.door.hub.deps);
    stage.door.demo.mount(app, stage.door.hub);
    const at = (path: string) =>
      path
        .replace('/console/connections/:id', `/console/connections/${stage.integration}`)
        .replace('/console/notice/text/:integration/:purpose', `/console/notice/text/${stage.integration}/${crm}`)
        .replace('/conversations/:id', `/conversations/${chat.ada.conversation}`)
        .replace(/:provider\b/, 'hubspot')
        .replace(/:(brand|slug)\b/, 'harbor-motors')
        .replace(/:(\w+)(\{[^}]*\})?/g, 'none');
    return [...new Set(app.routes.filter((r) => r.method !== 'ALL').map((r) => `${r.method} ${at(r.path)}`))];
  };
  const headers = () => ({ origin: stage.door.origin, 'sec-fetch-site': 'same-origin', cookie: cookie() });
  const csrfOf = async () =>
    /name="csrf" value="([^"]+)"/.exec(await (await stage.maria.get('/console')).text())?.[1] ?? '';
  const form = 'application/x-www-form-urlencoded';
  const forms = () =>
    routes()
      .filter((route) => /^(POST|PUT|PATCH|DELETE) /.test(route) && !/ \/(api|hooks)\//.test(route))
      .map((route) => route.split(' ') as [string, string]);
  const send = (method: string, path: string, body: string, type: string) =>
    fetch(stage.door.origin + path, {
      method,
      redirect: 'manual',
      headers: { ...headers(), 'content-type': type },
      body,
    });

  test('the walk sees them all', () => {
    const seen = forms().map(([, path]) => path);
    expect(seen.length).toBeGreaterThan(30);
    for (const known of ['/sign-in', '/pair', '/start/reset', '/privacy/harbor-motors/choose', '/login/open'])
      expect(seen).toContain(known);
    expect(seen.filter((path) => path.includes(':'))).toEqual([]);
  });

  test('sec-H21 names that mean an object or a list: 400, and nothing is written', async () => {
    const csrf = encodeURIComponent(await csrfOf());
    const bodies = [
      `csrf=${csrf}&answer[$ne]=x`,
      `csrf=${csrf}&answer[]=connect&answer[]=discard`,
      `csrf=${csrf}&__proto__[admin]=1`,
      `csrf=${csrf}&%24where=1`,
      `csrf=${csrf}&__proto__=1`,
      `csrf=${csrf}&a%00b=1`,
      `csrf=${csrf}&csrf=${csrf}`,
    ];
    const before = changes();
    for (const [method, path] of forms())
      for (const body of bodies) {
        const res = await send(method, path, body, form);
        expect([path, body.slice(5 + csrf.length), res.status]).toEqual([path, body.slice(5 + csrf.length), 400]);
      }
    expect(changes()).toBe(before);
  });

  test('sec-H21 HO3 JSON, or any other type, where a form is taken: 415, and nothing is written', async () => {
    const csrf = await csrfOf();
    const before = changes();
    for (const [method, path] of forms())
      for (const [type, body] of [
        ['application/json', JSON.stringify({ csrf, answer: { $ne: '' }, email: ['x'], token: { $gt: '' } })],
        ['text/plain', `csrf=${csrf}`],
        [
          'multipart/form-data; boundary=b',
          `--b\r\ncontent-disposition: form-data; name="csrf"\r\n\r\n${csrf}\r\n--b--`,
        ],
      ] as const) {
        const res = await send(method, path, body, type);
        expect([path, type, res.status]).toEqual([path, type, 415]);
      }
    expect(changes()).toBe(before);
  });

  test('sec-H21 operators in the query or the path of every page: no page breaks, and nothing is written', async () => {
    const query = 'q[$ne]=&q=a&q=b&lang[]=de&code[$gt]=&page={"$ne":1}&before[]=1&seen=[object%20Object]&done[]=x';
    const seen = count();
    for (const route of routes()) {
      const [method, path = ''] = route.split(' ');
      if (method !== 'GET' || /stream$/.test(path)) continue;
      for (const to of [
        `${path}?${query}`,
        path.replace('none', '%7B%22%24ne%22%3A1%7D'),
        path.replace('none', '[object Object]'),
      ]) {
        const res = await fetch(stage.door.origin + to, {
          redirect: 'manual',
          headers: { ...headers(), ...panel, ...(path.startsWith('/api/chat') ? chat.ada.auth : {}) },
        });
        await res.arrayBuffer();
        expect([to, res.status < 500]).toEqual([to, true]);
      }
    }
    expect(count()).toEqual(seen);
  });

  /** What a page could have changed; looking at the key of the brand's pages is audited. */
  const count = () =>
    Object.fromEntries(
      [
        'subject',
        'value',
        'consent_event',
        'share',
        'integration',
        'mapping',
        'notice',
        'notice_draft',
        'hook',
        'ui_nonce',
      ].map((table) => [table, stage.door.store.read.hot(`select count(*) as n from ${table}`).get()?.n]),
    );
});
