import { expect, test } from 'vitest';
import { kindOf, maxFileBytes, refusalOf, safeName, sizeWords } from '#contract/file.ts';
import { gifFile, jpegFile, pdfFile, pngFile, webpFile } from '../../support/files.ts';

const text = (s: string) => Buffer.from(s);

test('R62 SECURITY 4.8 every kind that may be sent is told by its content, under any name', () => {
  expect(kindOf('a.html', pngFile(7, 9))).toEqual({ type: 'image/png', pixels: 63 });
  expect(kindOf('a.png', jpegFile(640, 480))).toEqual({ type: 'image/jpeg', pixels: 307_200 });
  expect(kindOf('a', gifFile(30, 20))).toEqual({ type: 'image/gif', pixels: 600 });
  for (const kind of ['VP8 ', 'VP8L', 'VP8X'] as const)
    expect(kindOf('a.bin', webpFile(kind, 400, 300)), kind).toEqual({ type: 'image/webp', pixels: 120_000 });
  expect(kindOf('a', pdfFile())).toEqual({ type: 'application/pdf' });
  expect(kindOf('a.txt', text('Grüße\r\n\tto 日本 🙂'))).toEqual({ type: 'text/plain' });
  expect(kindOf('LOG.LOG', text('\ufeffline'))).toEqual({ type: 'text/plain' });
});

const page = '<!doctype html><script>alert(1)</script>';
const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
test.each<[string, string, Buffer]>([
  ['an SVG', 'a.svg', text(svg)],
  ['an SVG renamed', 'a.png', text(svg)],
  ['a page', 'a.html', text(page)],
  ['a page renamed to a PDF', 'a.pdf', text(page)],
  ['a script', 'a.js', text('alert(1)')],
  ['text without a name of text', 'notes', text('hello')],
  ['a PNG signature before a page', 'a.png', Buffer.concat([pngFile().subarray(0, 8), text(page)])],
  ['a PNG cut in its head', 'a.png', pngFile().subarray(0, 24)],
  ['a PNG of no size', 'a.png', pngFile(2, 2, { width: 0, height: 2 })],
  ['a GIF word before a page', 'a.gif', Buffer.concat([text('GIF89a'), text('\0\0\0\0'), text(page)])],
  ['a JPEG without a frame', 'a.jpg', Buffer.concat([jpegFile().subarray(0, 20), text(page)])],
  ['an archive, or an office file', 'a.docx', Buffer.concat([text('PK\x03\x04'), Buffer.alloc(64)])],
  ['a program', 'a.txt', Buffer.concat([text('MZ'), Buffer.from([0x90, 0, 3, 0])])],
  ['text in no UTF-8', 'a.txt', Buffer.from([0x66, 0xfc, 0x72])],
  ['UTF-16', 'a.txt', Buffer.from('hello', 'utf16le')],
  ['a terminal’s escapes', 'a.txt', text('\x1b[31mred')],
  ['an AVIF', 'a.avif', Buffer.concat([Buffer.from([0, 0, 0, 32]), text('ftypavif'), Buffer.alloc(40)])],
])('R62 SECURITY 4.8 %s is refused', (_what, name, bytes) => {
  expect(refusalOf(name, bytes)).toBe('type');
});

test('R62 a page saved as .txt is plain text and nothing else', () => {
  expect(kindOf('a.txt', text(page))).toEqual({ type: 'text/plain' });
});

test('R62 empty, too large and too many pixels are refused, each for its reason; the limits themselves fit', () => {
  expect(refusalOf('a.png', Buffer.alloc(0))).toBe('empty');
  expect(refusalOf('a.txt', Buffer.alloc(maxFileBytes, 'a'))).toBeUndefined();
  expect(refusalOf('a.txt', Buffer.alloc(maxFileBytes + 1, 'a'))).toBe('large');
  expect(refusalOf('a.png', pngFile(2, 2, { width: 5000, height: 5000 }))).toBeUndefined();
  expect(refusalOf('a.png', pngFile(2, 2, { width: 5000, height: 5001 }))).toBe('pixels');
  expect(refusalOf('a.png', pngFile(2, 2, { width: 0xffffffff, height: 0xffffffff }))).toBe('pixels');
  expect(refusalOf('a.jpg', jpegFile(65_535, 65_535))).toBe('pixels');
  expect(refusalOf('a.webp', webpFile('VP8X', 16_000_000, 2))).toBe('pixels');
});

test('SECURITY 4.8 a header read byte by byte never throws, wherever a file is cut', () => {
  for (const whole of [pngFile(), jpegFile(), gifFile(), webpFile('VP8 '), webpFile('VP8L'), webpFile('VP8X')])
    for (let end = 0; end <= whole.length; end++) expect(() => kindOf('a', whole.subarray(0, end))).not.toThrow();
});

test.each([
  ['../../etc/passwd', 'text/plain', 'passwd.txt'],
  ['C:\\Users\\Ada\\photo.PNG', 'image/png', 'photo.png'],
  ['photo.jpeg', 'image/jpeg', 'photo.jpeg'],
  ['a.html', 'image/png', 'a.html.png'],
  ['"quoted"; filename=x.exe', 'application/pdf', '_quoted_; filename=x.exe.pdf'],
  ['two\r\nlines: set-cookie', 'application/pdf', 'twolines_ set-cookie.pdf'],
  ['gpj.\u202Eexe.pdf', 'application/pdf', 'gpj.exe.pdf'],
  ['\u2067a\u200F\u061C\u0000.gif', 'image/gif', 'a.gif'],
  ['..', 'image/png', 'file.png'],
  ['.png', 'image/png', 'png.png'],
  ['', 'text/plain', 'file.txt'],
  ['\ud800half.txt', 'text/plain', 'half.txt'],
  ['日本 🙂.txt', 'text/plain', '日本 🙂.txt'],
  ['a'.repeat(900), 'image/webp', `${'a'.repeat(100)}.webp`],
] as const)('SECURITY 4.8 the name %j is harmless as %s: %j', (given, type, safe) => {
  expect(safeName(given, type)).toBe(safe);
  expect(safeName(safe, type)).toBe(safe);
});

test('R62 a size is said as people read it', () => {
  expect([812, 14_200, 999_499, 2_400_000].map(sizeWords)).toEqual(['812 bytes', '14 kB', '999 kB', '2.4 MB']);
});
