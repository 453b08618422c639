import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { about, count, crm, openChat, openPreferences, openStage, panel, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const honored = 'Opt-out request honored';
const sql = (statement: string) => stage.door.store.write((tx) => tx.exec(statement));
const settings = (pair: string) =>
  sql(`update brand set settings_json = json_set(settings_json, ${pair}) where id = 'harbor-motors'`);
const rows = () => stage.door.store.read.hot('select kind, value from signal_seen order by seq').all();

/** One call whose header lines go out as they stand, two of the same name included. */
function raw(path: string, lines: string[], body?: unknown, trailers: Record<string, string> = {}) {
  return new Promise<{ status: number; body: string }>((resolve, reject) => {
    const { host } = new URL(stage.door.origin);
    const headers = ['host', host, 'origin', stage.door.origin, 'transfer-encoding', 'chunked', ...lines];
    if (body) headers.push('content-type', 'application/json', 'trailer', Object.keys(trailers).join(', ') || 'x-none');
    const req = request(stage.door.origin + path, { method: body ? 'POST' : 'GET', headers }, async (res) => {
      let text = '';
      for await (const chunk of res.setEncoding('utf8')) text += chunk;
      resolve({ status: res.statusCode ?? 0, body: text });
    });
    req.on('error', reject);
    if (body) req.write(JSON.stringify(body));
    req.addTrailers(trailers);
    req.end();
  });
}
let started = 0;
/** A first message with these header lines; the conversation it began. */
async function begin(lines: string[], trailers?: Record<string, string>): Promise<string> {
  const token = `${++started}`.padStart(43, 'a');
  const first = { brand: 'harbor-motors', token, clientId: 'c', text: 'Hello', ...about };
  const res = await raw('/api/chat/start', lines, first, trailers);
  expect(res.status).toBe(201);
  return (JSON.parse(res.body) as { conversation: string }).conversation;
}

describe('R23 the first request that asks not to share', () => {
  test('GATE-11 is heard from the first request on, also where the default would share, and is told', async () => {
    await settings(`'$.places', json('["US-CA"]'), '$.optOutDefaultEnabled', json('true')`);
    const { integration, maria, door, recorder } = stage;
    const previewOf = async (lines: string[]) => {
      const conversation = await begin(lines);
      // What the visitor had read before the form was filled in, so that only the signal differs.
      const hash = door.store.read.hot('select hash from notice order by published_seq desc').get()?.hash;
      await sql(
        `insert into notice_served (id, brand_id, subject_id, notice_hash, surface, integration_id, purpose, seq)
         select 'n-${conversation}', brand_id, subject_id, '${hash}', 'form', '${integration}', '${crm}', 0
         from conversation where id = '${conversation}'`,
      );
      const at = `/api/panel/conversations/${conversation}`;
      const ask = { integration, purpose: crm };
      const { body } = await maria.json<{ rows: { rule: string }[] }>('POST', `${at}/preview`, ask, panel);
      const sent = await maria.json('POST', `${at}/shares`, { ...ask, clientId: 's' }, panel);
      await door.hub.deps.runner.idle();
      return { rules: body.rows.map((r) => r.rule), sent: sent.body };
    };
    expect(await previewOf(['Sec-GPC', '1'])).toMatchObject({
      rules: ['D17', 'D17', 'D17'],
      sent: { entry: { state: 'withheld', fields: [] } },
    });
    expect({ calls: recorder.calls.length, out: count(door, 'disclosure') }).toEqual({ calls: 0, out: 0 });
    expect((await previewOf([])).rules).toEqual(['D24', 'D24', 'D24']);
    expect((await raw('/privacy/harbor-motors', ['Sec-GPC', '1'])).body).toContain(honored);
    const german = (await raw('/privacy/harbor-motors?lang=de-AT', ['Sec-GPC', '1'])).body;
    expect(german).toContain('<html lang="de">');
    expect(german).toContain('Ihr Widerspruch wird beachtet');
    expect(german).not.toContain(honored);
    expect((await raw('/privacy/harbor-motors', [])).body).not.toContain(honored);
  });

  test.each([
    [['Sec-GPC', '0']],
    [['Sec-GPC', 'true']],
    [['Sec-GPC', '1,1']],
    [['Sec-GPC', '0, 1']],
    [['Sec-GPC', '01']],
    [['Sec-GPC', '']],
    [['X-Sec-GPC', '1']],
    [['X-Note', 'sec-gpc', 'X-Other', '1']],
  ])('GATE-12 %j is ignored', async (lines) => {
    await begin(lines);
    expect(rows()).toEqual([]);
  });
  test.each([[['Sec-GPC', '1']], [['sec-gpc', '0', 'Sec-GPC', '1']], [['Sec-GPC', '1', 'Sec-GPC', '0']]])(
    'GATE-12 %j is honored',
    async (lines) => {
      await begin(lines);
      expect(rows()).toEqual([{ kind: 'gpc', value: '1' }]);
    },
  );
  test('GATE-12 a trailer is no header', async () => {
    await begin([], { 'Sec-GPC': '1' });
    expect(rows()).toEqual([]);
  });

  test('GATE-11 the page says that sharing was off from the first visit where that is so, to a stranger too', async () => {
    const chat = await openChat(stage);
    await chat.ada.json('GET', '/api/chat/entries', undefined, { ...chat.ada.auth, 'sec-gpc': '1' });
    const page = await openPreferences(stage, chat);
    expect(await page.page()).toContain(`${honored}: sharing was off from your first visit.`);
    await settings(`'$.dntActsLikeGpc', json('true')`);
    expect((await raw('/privacy/harbor-motors', ['DNT', '1'])).body).toContain('(Do Not Track)');
    await settings(`'$.dntActsLikeGpc', json('false')`);
    expect((await raw('/privacy/harbor-motors', ['DNT', '1'])).body).not.toContain(honored);
  });
});

test('R23 GATE-17 the hub states its support', async () => {
  const res = await fetch(`${stage.door.origin}/.well-known/gpc.json`);
  expect(res.headers.get('content-type')).toMatch(/^application\/json(;|$)/);
  const stated = (await res.json()) as { gpc: boolean; lastUpdate: string };
  expect(stated).toEqual({ gpc: true, lastUpdate: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) });
  expect(new Date(stated.lastUpdate).toISOString().slice(0, 10)).toBe(stated.lastUpdate);
});
