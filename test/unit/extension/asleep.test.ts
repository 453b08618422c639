import { expect, onTestFinished, test, vi } from 'vitest';
import { fakeHub } from '../../support/fake-hub.ts';
import { panelAt } from '../../support/panel-at.ts';

test('R75 a stream that missed a beat while the computer slept is given up when the panel wakes, and no other is', async () => {
  const hub = await fakeHub();
  onTestFinished(() => hub.down());
  const ada = hub.state.visitor('Ada Brandt', 'Hello!');
  let slept = 0;
  const panel = panelAt(hub, new Map(), { now: () => Date.now() + slept });
  onTestFinished(() => panel.stop());
  const texts = () =>
    (panel.state().talks[ada.id]?.entries ?? []).flatMap((e) => (e.kind === 'message' ? [e.text] : []));
  await panel.start();
  await vi.waitFor(() => expect(panel.state().link.up).toBe(true));
  const up: boolean[] = [];
  panel.subscribe(() => void up.push(panel.state().link.up));

  panel.wake();
  hub.state.says(ada, 'Awake');
  await vi.waitFor(() => expect(texts()).toContain('Awake'));
  expect(up).not.toContain(false);

  slept = 3_600_000;
  panel.wake();
  hub.state.says(ada, 'After an hour');
  await vi.waitFor(() => expect(texts()).toContain('After an hour'));
  expect(up).toContain(false);
  await vi.waitFor(() => expect(panel.state().link.up).toBe(true));
});
