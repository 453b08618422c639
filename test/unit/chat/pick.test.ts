import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Candidate, pickAgent } from '../../../server/chat/pick.ts';

const candidates = fc
  .array(fc.record({ available: fc.boolean(), open: fc.nat(9), turn: fc.nat(20) }), { maxLength: 8 })
  .map((list): Candidate[] => list.map((one, n) => ({ id: `agent-${n}`, ...one })));
const limit = fc.integer({ min: 1, max: 9 });
const automatic = fc.constantFrom('least-busy' as const, 'round-robin' as const);

test('R66 never to somebody away or at the limit, and to nobody only where nobody is free', () => {
  fc.assert(
    fc.property(candidates, limit, automatic, (all, most, mode) => {
      const picked = pickAgent({ mode, limit: most }, all);
      const free = all.filter((a) => a.available && a.open < most);
      expect(picked === undefined).toBe(free.length === 0);
      if (picked) expect(free).toContain(picked);
      expect(pickAgent({ mode: 'manual', limit: most }, all)).toBeUndefined();
    }),
  );
});

test('R66 least busy: nobody who is free holds fewer', () => {
  fc.assert(
    fc.property(candidates, limit, (all, most) => {
      const picked = pickAgent({ mode: 'least-busy', limit: most }, all);
      for (const one of all) if (picked && one.available) expect(picked.open).toBeLessThanOrEqual(one.open);
    }),
  );
});

test('R66 round robin: whoever stays available gets as many as the others, within one', () => {
  fc.assert(
    fc.property(candidates, fc.integer({ min: 1, max: 60 }), (start, chats) => {
      const all = start.map((one, n) => ({ ...one, turn: n })); // nobody was given two chats at the same turn
      const got = new Map<string, number>(all.filter((a) => a.available).map((a) => [a.id, 0]));
      for (let n = 0; n < chats; n++) {
        const next = pickAgent({ mode: 'round-robin', limit: 1000 }, all);
        if (!next) break;
        got.set(next.id, (got.get(next.id) ?? 0) + 1);
        next.turn = Math.max(...all.map((a) => a.turn)) + 1;
        next.open++;
      }
      const counts = [...got.values()];
      if (counts.length > 0) expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    }),
  );
});
