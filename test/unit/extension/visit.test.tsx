import { renderToString } from 'preact-render-to-string';
import { expect, it, vi } from 'vitest';
import type { VisitFact } from '#contract/visit.ts';
import { Visit } from '../../../extension/panel/views/visit.tsx';

const now = new Date(2026, 10, 22, 14, 6).getTime();
const at = new Date(2026, 10, 22, 14, 1).toISOString();
const source = 'your site';
const draw = (...visit: VisitFact[]) => renderToString(<Visit visit={visit} now={now} onOpen={vi.fn()} />);
const words = (html: string) =>
  html
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

it('R67 each fact has its source and time; what is not known says unknown and names none', () => {
  const page = { address: 'shop.example/cars', title: 'Cars', at };
  expect(words(draw({ kind: 'page', source, value: page, at }))).toBe(
    'Page now Cars shop.example/cars your site, 14:01',
  );
  expect(words(draw({ kind: 'device', source: 'browser', value: 'Firefox on Android', at }))).toBe(
    'Device Firefox on Android browser, 14:01',
  );
  for (const kind of ['page', 'trail', 'country', 'device', 'earlier'] as const)
    expect(words(draw({ kind, source }))).toMatch(/^\D+ unknown$/);
});

it('R67 none is none and never unknown, and a stopped trail says why', () => {
  expect(words(draw({ kind: 'trail', source, value: [] }))).toBe('Before that none your site');
  expect(words(draw({ kind: 'earlier', source: 'chats here', value: [] }))).toBe('Other chats none chats here');
  expect(words(draw({ kind: 'trail', source, stopped: true }))).toContain(
    'not kept: no profiling, at the person’s request',
  );
});

it('R67 a title or address of markup is text in a direction of its own, and nothing to follow', () => {
  const title = '<script>alert(1)</script>\u05d0';
  const html = draw({ kind: 'page', source, value: { address: 'shop.example/"><a href=x>', title, at } });
  expect(html).toContain('<bdi>&lt;script>alert(1)&lt;/script>\u05d0</bdi>');
  expect(html).not.toMatch(/<script|<a /);
});

it('R67 other chats name number, time and whether they ended; without words they say so; many fold', () => {
  const chat = (number: number, open: boolean, said?: string) => ({
    conversation: `c${number}`,
    number,
    at,
    open,
    ...(said ? { words: said } : {}),
  });
  const two = draw({ kind: 'earlier', source: 'chats here', value: [chat(9, true, 'Hello'), chat(3, false)] });
  expect(words(two)).toContain('Chat 9, today, 14:01, open Hello');
  expect(words(two)).toContain('Chat 3, today, 14:01, ended its words are unknown');
  expect(two).not.toContain('<details');
  const three = draw({ kind: 'earlier', source: 'chats here', value: [chat(9, true), chat(3, false), chat(2, false)] });
  expect(words(three)).toContain('Other chats three chats');
});
