import { inflateRawSync } from 'node:zlib';

/**
 * The files of a zip by their names, in the archive's own order: read from its central directory (APPNOTE 4.3.12), each
 * stored or deflated. Made for our own archives: no encryption, no zip64, no comment at the end.
 */
export function zipEntries(zip: Buffer): Map<string, Buffer> {
  const end = zip.length - 22;
  if (zip.readUInt32LE(end) !== 0x06054b50) throw new Error('no end of central directory');
  const entries = new Map<string, Buffer>();
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const local = zip.readUInt32LE(at + 42);
    const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const packed = zip.subarray(from, from + zip.readUInt32LE(at + 20));
    entries.set(name, zip.readUInt16LE(at + 10) === 0 ? Buffer.from(packed) : inflateRawSync(packed));
    at += 46 + nameLength + extra + comment;
  }
  return entries;
}
