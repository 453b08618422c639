import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** One DER element (X.690): tag, length, content. */
function der(tag: number, ...parts: (Buffer | string)[]): Buffer {
  const body = Buffer.concat(parts.map((p) => (typeof p === 'string' ? Buffer.from(p, 'hex') : p)));
  const size = body.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}
const ecdsaSha256 = der(0x30, der(0x06, '2a8648ce3d040302'));
const named = (name: string) => der(0x30, der(0x31, der(0x30, der(0x06, '550403'), der(0x0c, Buffer.from(name)))));
const time = (at: Date) => der(0x17, Buffer.from(`${at.toISOString().replace(/\D/g, '').slice(2, 14)}Z`));
const dayMs = 86_400_000;

/** A self-signed certificate of today for a name and 127.0.0.1 (RFC 5280), for servers of tests; PEM. */
export function selfSigned(name = 'localhost', address = '7f000001'): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const names = der(0x30, der(0x82, Buffer.from(name)), ...(address ? [der(0x87, address)] : []));
  const body = der(
    0x30,
    der(0xa0, der(0x02, '02')),
    der(0x02, '01', randomBytes(8)),
    ecdsaSha256,
    named(name),
    der(0x30, time(new Date(Date.now() - dayMs)), time(new Date(Date.now() + dayMs))),
    named(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(0x30, der(0x30, der(0x06, '551d11'), der(0x04, names)))),
  );
  const whole = der(0x30, body, ecdsaSha256, der(0x03, '00', sign('sha256', body, privateKey)));
  const lines = whole.toString('base64').replace(/.{64}/g, '$&\n');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  };
}
