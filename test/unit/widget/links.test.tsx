import { render } from 'preact-render-to-string';
import { expect, test } from 'vitest';
import { safeUrl, withLinks } from '../../../extension/panel/kit/links.tsx';
import { hostile } from '../../support/xss.ts';

const drawn = (text: string): string => render(<p>{withLinks(text)}</p>);
const link = (href: string, words: string) =>
  `<a href="${href}" target="_blank" rel="noopener noreferrer" dir="ltr">${words}</a>`;

test.each([
  ['See https://harbor.example/a.', `<p>See ${link('https://harbor.example/a', 'https://harbor.example/a')}.</p>`],
  ['(http://harbor.example)', `<p>(${link('http://harbor.example/', 'http://harbor.example')})</p>`],
  ['mailto:ada@brandt.example!', `<p>${link('mailto:ada@brandt.example', 'mailto:ada@brandt.example')}!</p>`],
  ['HTTPS://Harbor.Example', `<p>${link('https://harbor.example/', 'HTTPS://Harbor.Example')}</p>`],
])('an address is a link, without opener and referrer: %s', (text, want) => expect(drawn(text)).toBe(want));

test.each([
  'javascript:alert(1)',
  'JaVaScRiPt://x/%0aalert(1)',
  'data:text/html,<script>x()</script>',
  'vbscript:x',
  'file:///etc/passwd',
  'https://',
  'ftp://harbor.example',
])('%s is words and no link', (text) => expect(drawn(text)).not.toContain('<a'));

test.each([
  ['https://hаrbor.example', 'xn--hrbor-4ve.example'],
  ['https://harbor.example@evil.example/', 'evil.example'],
  ['https://harbor.example:pw@evil.example/', 'evil.example'],
  ['https://evil。example/', 'evil.example'],
  ['https://2130706433/', '127.0.0.1'],
])('sec-H02 the true host stands beside one in disguise: %s', (text, host) => {
  expect(drawn(text)).toContain(`</a> (${host})`);
});

test('sec-H02 a mark that turns the writing ends an address', () => {
  const [href] = /href="[^"]*"/.exec(drawn('https://harbor.example/\u202egpj.exe')) ?? [];
  expect(href).toBe('href="https://harbor.example/"');
});

test('sec-H02 of all hostile words no link but http, https and mailto comes out, and no tag but a link', () => {
  for (const text of hostile) {
    const html = drawn(text);
    expect(
      [...html.matchAll(/<(\/?\w+)/g)].map((m) => m[1]).filter((t) => !['p', '/p', 'a', '/a'].includes(t ?? '')),
    ).toEqual([]);
    for (const [, href = ''] of html.matchAll(/href="([^"]*)"/g)) expect(href).toMatch(/^(https?:\/\/|mailto:)/);
    for (const [, attributes = ''] of html.matchAll(/<a ([^>]*)>/g)) {
      const names = attributes.replace(/="[^"]*"/g, '').split(' ');
      expect(names).toEqual(['href', 'target', 'rel', 'dir']);
    }
    expect(safeUrl(text)?.protocol ?? 'https:').toMatch(/^(https?|mailto):$/);
  }
});
