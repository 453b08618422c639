/** What may be sent in a chat and how such a name ends; the type is told by content, never by name (SECURITY.md 4.8). */
const endings = {
  'image/png': ['png'],
  'image/jpeg': ['jpg', 'jpeg'],
  'image/gif': ['gif'],
  'image/webp': ['webp'],
  'application/pdf': ['pdf'],
  'text/plain': ['txt', 'log'],
} as const;
/** A type of file that may be sent. */
export type FileType = keyof typeof endings;

/**
 * Bytes of the largest file. Guess (R62 names no figure): a telephone's picture and a scanned letter have room, and the
 * one process that seals it in memory stays small.
 */
export const maxFileBytes = 10 * 1024 * 1024;
/** Pixels of the largest picture (SECURITY.md 4.8): what it unpacks to is what harms who opens it. */
const maxPixels = 25_000_000;

/**
 * Bytes of the largest file that is shown small beside its name. Guess (R62 names no figure): most pictures of a telephone
 * are smaller, and a chat full of them is still read at once; a larger one has its row, as every other file.
 */
const maxShownBytes = 4 * 1024 * 1024;

/** Whether a file is shown small beside its name: a picture, by its content, that is not too large. */
export const isShown = ({ type, bytes }: { type: FileType; bytes: number }): boolean =>
  type.startsWith('image/') && bytes <= maxShownBytes;

/** Why a file is refused, each in words that say what to do (R62). */
export const fileRefusals = {
  empty: 'This file is empty, so there is nothing to send.',
  large: 'This file is larger than 10 MB. A smaller one can be sent.',
  type: 'This kind of file cannot be sent. PNG, JPEG, GIF and WebP pictures, PDF and plain text (.txt, .log) can.',
  pixels: 'This picture has more than 25 megapixels. It can be sent once it is made smaller.',
  full: 'This chat cannot take more files.',
} as const;
/** One reason. */
export type FileRefusal = keyof typeof fileRefusals;

/** Bytes the first line may have, its newline too. */
export const maxHeadBytes = 8 * 1024;
/** Media type of an upload. */
export const uploadType = 'application/octet-stream';

/** Where a file is had: `code` is posted there as a form's field, is good for one minute, and stands in no address (HO7). */
export interface FileLink {
  action: string;
  code: string;
}

/** A small file for a script that draws it: its bytes as base64, inside an answer that nothing opens as a page. */
export interface ShownFile {
  base64: string;
}

type Kind = { type: FileType; pixels?: number };

const starts = (b: Uint8Array, what: string, at = 0): boolean =>
  [...what].every((c, i) => b[at + i] === c.charCodeAt(0));
const little = (b: Uint8Array, at: number, size: number): number =>
  [...b.subarray(at, at + size)].reduceRight((n, byte) => n * 256 + byte, 0);
const big = (b: Uint8Array, at: number, size: number): number =>
  [...b.subarray(at, at + size)].reduce((n, byte) => n * 256 + byte, 0);

/** PNG 3rd edition, 5.2 and 11.2.1: the signature, and IHDR first. */
const png = (b: Uint8Array): number | undefined =>
  starts(b, '\x89PNG\r\n\x1a\n') && starts(b, 'IHDR', 12) && b.length > 32 ? big(b, 16, 4) * big(b, 20, 4) : undefined;

/** GIF89a, 17 and 18: the logical screen. */
const gif = (b: Uint8Array): number | undefined =>
  (starts(b, 'GIF87a') || starts(b, 'GIF89a')) && b.length > 13 ? little(b, 6, 2) * little(b, 8, 2) : undefined;

/** ITU-T T.81, B.1.1 and B.2.2: segments up to the frame's header. */
function jpeg(b: Uint8Array): number | undefined {
  if (!starts(b, '\xff\xd8\xff')) return undefined;
  for (let at = 2; at + 9 < b.length; ) {
    if (b[at] !== 0xff) return undefined;
    const marker = b[at + 1] ?? 0;
    if (marker === 0xff)
      at += 1; // a fill byte
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7))
      at += 2; // alone, without a length
    else if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
      return big(b, at + 5, 2) * big(b, at + 7, 2);
    else at += 2 + Math.max(2, big(b, at + 2, 2));
  }
  return undefined;
}

/** RFC 9649, 2.4 to 2.7: lossy, lossless and extended; an extended one names its canvas. */
function webp(b: Uint8Array): number | undefined {
  if (!starts(b, 'RIFF') || !starts(b, 'WEBP', 8) || b.length < 30) return undefined;
  if (starts(b, 'VP8X', 12)) return (little(b, 24, 3) + 1) * (little(b, 27, 3) + 1);
  if (starts(b, 'VP8L', 12) && b[20] === 0x2f) {
    const bits = little(b, 21, 4);
    return ((bits % 2 ** 14) + 1) * ((Math.floor(bits / 2 ** 14) % 2 ** 14) + 1);
  }
  if (starts(b, 'VP8 ', 12) && starts(b, '\x9d\x01\x2a', 23))
    return (little(b, 26, 2) % 2 ** 14) * (little(b, 28, 2) % 2 ** 14);
  return undefined;
}

/** UTF-8 without control characters but tab and the ends of lines. */
function isText(b: Uint8Array): boolean {
  try {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
    return !/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/.test(new TextDecoder('utf-8', { fatal: true }).decode(b));
  } catch {
    return false;
  }
}

const pictures = { 'image/png': png, 'image/gif': gif, 'image/jpeg': jpeg, 'image/webp': webp } as const;

const endingOf = (name: string): string => /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';

/**
 * What a file is by its content. Page and script are text too, and an SVG renamed to .png is: text counts as such only
 * under a name of text, and under that name every browser and system shows it as text.
 */
export function kindOf(name: string, bytes: Uint8Array): Kind | undefined {
  for (const [type, pixelsOf] of Object.entries(pictures)) {
    const pixels = pixelsOf(bytes);
    if (pixels) return { type: type as FileType, pixels };
  }
  if (starts(bytes, '%PDF-')) return { type: 'application/pdf' };
  const named = (endings['text/plain'] as readonly string[]).includes(endingOf(name));
  return named && isText(bytes) ? { type: 'text/plain' } : undefined;
}

/** Why a file cannot be sent; the browser asks for a quick word, the hub for the truth. */
export function refusalOf(name: string, bytes: Uint8Array): FileRefusal | undefined {
  if (bytes.length === 0) return 'empty';
  if (bytes.length > maxFileBytes) return 'large';
  const kind = kindOf(name, bytes);
  if (!kind) return 'type';
  return (kind.pixels ?? 0) > maxPixels ? 'pixels' : undefined;
}

/** Characters of a name that are kept. */
const longestName = 100;

/**
 * A name as it is stored and shown: no path, no control, format or bidi characters, nothing a file system reads as more
 * than a name, and an ending of the file's own type, so that what is saved opens as what it is.
 */
export function safeName(name: string, type: FileType): string {
  const last = name.normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const plain = last
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '')
    .replace(/[<>:"|?*]/g, '_')
    .replace(/\s+/g, ' ')
    .replace(/^[\s.]+|[\s.]+$/g, '');
  const fits = (endings[type] as readonly string[]).includes(endingOf(plain));
  const ending = fits ? endingOf(plain) : endings[type][0];
  const stem = [...(fits ? plain.slice(0, -ending.length - 1) : plain)].slice(0, longestName).join('').trim();
  return `${stem || 'file'}.${ending}`;
}

/** "812 bytes", "14 kB", "2.4 MB": as people read it. */
export const sizeWords = (bytes: number): string =>
  bytes < 1000
    ? `${bytes} bytes`
    : bytes < 999_500
      ? `${Math.round(bytes / 1000)} kB`
      : `${(bytes / 1_000_000).toFixed(1)} MB`;
