import { deflateSync } from 'node:zlib';

const ascii = (text: string) => Buffer.from(text, 'latin1');
const be = (n: number, size: number) => {
  const out = Buffer.alloc(size);
  out.writeUIntBE(n, 0, size);
  return out;
};
const le = (n: number, size: number) => {
  const out = Buffer.alloc(size);
  out.writeUIntLE(n, 0, size);
  return out;
};

const crcOf = (bytes: Buffer): number => {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
};
const chunk = (type: string, data: Buffer) => {
  const body = Buffer.concat([ascii(type), data]);
  return Buffer.concat([be(data.length, 4), body, be(crcOf(body), 4)]);
};

/** A PNG that decodes, of one colour; `claims` is the size its header names. */
export const pngFile = (width = 2, height = 2, claims = { width, height }): Buffer =>
  Buffer.concat([
    ascii('\x89PNG\r\n\x1a\n'),
    chunk('IHDR', Buffer.concat([be(claims.width, 4), be(claims.height, 4), Buffer.from([8, 0, 0, 0, 0])])),
    chunk('IDAT', deflateSync(Buffer.alloc((width + 1) * height))),
    chunk('IEND', Buffer.alloc(0)),
  ]);

/** The head of a JPEG with an application segment before its frame header; nothing here decodes further. */
export const jpegFile = (width = 640, height = 480): Buffer =>
  Buffer.concat([
    ascii('\xff\xd8\xff\xe0'),
    be(16, 2),
    ascii('JFIF\0'),
    Buffer.alloc(9),
    ascii('\xff\xc2'),
    be(17, 2),
    Buffer.from([8]),
    be(height, 2),
    be(width, 2),
    Buffer.alloc(12),
    ascii('\xff\xd9'),
  ]);

/** A GIF's head and end. */
export const gifFile = (width = 3, height = 3): Buffer =>
  Buffer.concat([ascii('GIF89a'), le(width, 2), le(height, 2), Buffer.from([0, 0, 0, 0x3b])]);

/** The three kinds of WebP by their heads. */
export const webpFile = (kind: 'VP8 ' | 'VP8L' | 'VP8X', width = 8, height = 8): Buffer => {
  const body =
    kind === 'VP8X'
      ? Buffer.concat([Buffer.alloc(4), le(width - 1, 3), le(height - 1, 3)])
      : kind === 'VP8L'
        ? Buffer.concat([Buffer.from([0x2f]), le((width - 1) | ((height - 1) << 14), 4), Buffer.alloc(8)])
        : Buffer.concat([Buffer.alloc(3), ascii('\x9d\x01\x2a'), le(width, 2), le(height, 2), Buffer.alloc(8)]);
  const inside = Buffer.concat([ascii(`WEBP${kind}`), le(body.length, 4), body]);
  return Buffer.concat([ascii('RIFF'), le(inside.length, 4), inside]);
};

/** A PDF of one empty page. */
export const pdfFile = (): Buffer =>
  ascii(
    '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n' +
      '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n',
  );

/** The body of an upload: one line of JSON, then the bytes. */
export const uploadBody = (clientId: string, name: string, bytes: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(`${JSON.stringify({ clientId, name })}\n`), bytes]);
