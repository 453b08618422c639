import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { LookupAddress } from 'node:dns';
import { BlockList, type Socket } from 'node:net';
import fc from 'fast-check';
import type { Resolve } from '../../server/egress/guard.ts';

/**
 * Host parts that lead inside (SECURITY.md H10), as they may be written into any field that holds an address. A field is
 * tried with each of them against a canary on 127.0.0.1: nothing may connect to it.
 */
export const insideHosts: readonly string[] = [
  '127.0.0.1',
  '127.1',
  '0x7f.1',
  '0x7f000001',
  '2130706433',
  '0177.0.0.1',
  '017700000001',
  '127.0.0.1.',
  '0.0.0.0',
  '0',
  '[::]',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::ffff:0:127.0.0.1]',
  '[::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[64:ff9b:1::7f00:1]',
  '[2002:7f00:1::]',
  '[2001:0:7f00:1::]',
  '[fe80::1]',
  '[fec0::1]',
  '[fc00::1]',
  '[fd12::1]',
  '[ff02::1]',
  '169.254.169.254',
  '[::ffff:169.254.169.254]',
  '[fd00:ec2::254]',
  '0xa9fea9fe',
  '10.0.0.1',
  '100.64.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '192.0.0.1',
  '198.18.0.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '①②⑦.⓪.⓪.①',
  '127。0。0。1',
  '%31%32%37.0.0.1',
];

/** What a name server answers for a name that leads inside, through a CNAME or not: one bad answer among good ones too. */
export const insideAnswers: readonly string[][] = [
  ['127.0.0.1'],
  ['::1'],
  ['::ffff:127.0.0.1'],
  ['::ffff:0:127.0.0.1'],
  ['64:ff9b::7f00:1'],
  ['2002:7f00:1::'],
  ['169.254.169.254'],
  ['fd00:ec2::254'],
  ['203.0.113.7', '127.0.0.1'],
  ['127.0.0.1', '203.0.113.7'],
  ['not an address'],
];

/** Whole addresses that look like `good` and are not there, each with the canary's port in it. */
export const disguises = (good: string, port: number): string[] =>
  ['127.0.0.1', 'localhost', '[::1]', '169.254.169.254'].flatMap((inside) => {
    const there = `${inside}:${port}`;
    return [
      `https://${good}@${there}`,
      `https://${good}:443@${there}/`,
      `https://user:pass@${there}`,
      `https://${there}#@${good}`,
      `https://${there}?@${good}`,
      `https://${there}\\@${good}`,
      `https:\\\\${there}`,
      `https:${there}`,
      `http://${there}`,
      `//${there}`,
      `https://${there}/${good}`,
      ` https://${there}`,
      `https://\t${there}`,
    ];
  });

const hex = (n: number) => n.toString(16);
/** Spellings of one IPv4 address: 1 to 4 parts, each decimal, octal or hexadecimal with any zeros before it, a dot behind or not. */
function spell4([a = 0, b = 0, c = 0, d = 0]: number[]): fc.Arbitrary<string> {
  const last = [d, c * 256 + d, (b * 256 + c) * 256 + d, ((a * 256 + b) * 256 + c) * 256 + d];
  const part = (n: number) =>
    fc
      .tuple(fc.constantFrom(10, 8, 16), fc.nat(3), fc.boolean())
      .map(([base, zeros, upper]) =>
        base === 10
          ? String(n)
          : base === 8
            ? `0${'0'.repeat(zeros)}${n.toString(8)}`
            : `0${upper ? 'X' : 'x'}${'0'.repeat(zeros)}${upper ? hex(n).toUpperCase() : hex(n)}`,
      );
  return fc
    .integer({ min: 1, max: 4 })
    .chain((parts) =>
      fc
        .tuple(
          fc.tuple(...[...[a, b, c].slice(0, parts - 1), last[4 - parts] ?? 0].map(part)),
          fc.constantFrom('.', '.', '。', '．', '%2e'),
          fc.constantFrom('', '', '.'),
        )
        .map(([said, dot, end]) => said.join(dot) + end),
    );
}

/** Forms in which one IPv4 address stands inside an IPv6 one: mapped, translated, compatible, NAT64, 6to4, Teredo. */
export function embedded([a = 0, b = 0, c = 0, d = 0]: number[]): string[] {
  const [high, low] = [hex((a << 8) | b), hex((c << 8) | d)];
  const [notHigh, notLow] = [hex(((a << 8) | b) ^ 0xffff), hex(((c << 8) | d) ^ 0xffff)];
  return [
    `::ffff:${a}.${b}.${c}.${d}`,
    `::ffff:${high}:${low}`,
    `0:0:0:0:0:ffff:${high}:${low}`,
    `::ffff:0:${high}:${low}`,
    `::${high}:${low}`,
    `64:ff9b::${high}:${low}`,
    `64:ff9b:1::${high}:${low}`,
    `2002:${high}:${low}::1`,
    `2001::${notHigh}:${notLow}`,
    `2001:0:${high}:${low}::1`,
  ];
}

const byte = fc.nat(255);
/** One address inside, as four numbers; half of the time the canary's own. */
export const inside4: fc.Arbitrary<number[]> = fc.oneof(
  fc.constant<number[]>([127, 0, 0, 1]),
  fc
    .tuple(
      fc.constantFrom(
        [127],
        [10],
        [0],
        [169, 254],
        [192, 168],
        [172, 16],
        [172, 31],
        [100, 64],
        [198, 18],
        [224],
        [240],
      ),
      byte,
      byte,
      byte,
    )
    .map(([net, ...rest]) => [...net, ...rest].slice(0, 4)),
);

/** A host part that leads inside, spelt in any way; names in capitals and with digits of other scripts too. */
export const insideHost: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...insideHosts),
  inside4.chain(spell4),
  inside4.chain((four) => fc.constantFrom(...embedded(four)).map((address) => `[${address}]`)),
);

/** Watches where sockets go from now on, and lets none of them reach 203.0.113.0/24 (RFC 5737): tests leave no machine. */
export function watchSockets(): { went: string[]; stop(): void } {
  const outside = new BlockList();
  outside.addSubnet('203.0.113.0', 24, 'ipv4');
  const went: string[] = [];
  const seen = (message: unknown) => {
    const { socket } = message as { socket: Socket & { blockList?: BlockList } };
    socket.blockList = outside;
    socket.on('lookup', (error, address) => {
      if (!error) went.push(address);
    });
  };
  subscribe('net.client.socket', seen);
  return { went, stop: () => void unsubscribe('net.client.socket', seen) };
}

/** A name server that answers from a list, one entry an ask, the last for ever. */
export function names(...answers: (readonly string[])[]): Resolve & { asked: string[] } {
  const asked: string[] = [];
  const resolve: Resolve = (host, done) => {
    const now = answers[Math.min(asked.length, answers.length - 1)] ?? [];
    asked.push(host);
    const list: LookupAddress[] = now.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    setImmediate(() => done(null, list));
  };
  return Object.assign(resolve, { asked });
}
