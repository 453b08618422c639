import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** One DER element: its tag, the length of its parts, and the parts (X.690 8.1). */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const { length } = body;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
}
const sequence = (...parts: Buffer[]) => der(0x30, ...parts);
const oid = (...bytes: number[]) => der(0x06, Buffer.from(bytes));
const time = (at: Date) => der(0x18, Buffer.from(`${at.toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`));

/**
 * A self-signed certificate (RFC 5280, Ed25519 by RFC 8410) for one host name, and an IPv4 address as hex where given; good
 * for TLS, and its key, both as PEM.
 */
export function certificate(
  host: string,
  { from, until, address = '' }: { from: Date; until: Date; address?: string },
): { cert: string; key: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const algorithm = sequence(oid(0x2b, 0x65, 0x70));
  // A name of its own, so that a client who trusts several of these tells them apart.
  const own = Buffer.from(`test ${randomBytes(4).toString('hex')}`);
  const name = sequence(der(0x31, sequence(oid(0x55, 0x04, 0x03), der(0x0c, own))));
  const addresses = address ? [der(0x87, Buffer.from(address, 'hex'))] : [];
  const altName = sequence(oid(0x55, 0x1d, 0x11), der(0x04, sequence(der(0x82, Buffer.from(host)), ...addresses)));
  const authority = sequence(oid(0x55, 0x1d, 0x13), der(0x04, sequence(der(0x01, Buffer.from([0xff])))));
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    name,
    sequence(time(from), time(until)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(altName, authority)),
  );
  const signature = sign(null, body, privateKey);
  const whole = sequence(body, algorithm, der(0x03, Buffer.from([0]), signature));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

const dayMs = 86_400_000;

/** One that is good today, for servers of tests on this machine. */
export const selfSigned = (name = 'localhost', address = '7f000001'): { cert: string; key: string } =>
  certificate(name, { from: new Date(Date.now() - dayMs), until: new Date(Date.now() + dayMs), address });
