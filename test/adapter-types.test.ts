import { afterAll, beforeAll, expect, test } from 'vitest';
import { typeCheck, workFolder } from './support/type-check.ts';

const { folder, remove } = workFolder('adapter-types');
afterAll(remove);

const head = `import { defineAdapter } from '#sdk';
import { facts } from '../../../integrations/hubspot/facts.ts';
`;
const rights = `erase: 'manual', rectify: 'manual', restrict: 'none', suppress: 'none'`;
const email = `email: { purpose: 'CustomerCare', need: true, because: 'to find you' }`;
const adapter = (handler: string, declared = rights, shares = email) => `${head}
export const adapter = defineAdapter({ facts, shares: { ${shares} }, receives: {},
  on: { async CustomerCare(visitor, partner) {
    ${handler}
    return { record: partner.key };
  } },
  ${declared} });
`;
const good = adapter(
  `
    const needed: string = visitor.email;
    // @ts-expect-error optional fields may be absent
    const optional: string = visitor.name;
    // @ts-expect-error the visitor is handed over to read
    visitor.email = 'x';
    // @ts-expect-error a call says what comes back
    await partner.post('/a', { body: needed });
    // @ts-expect-error there is no way to name another host
    partner.host = optional;`,
  rights,
  `${email}, name: { purpose: 'CustomerCare', because: 'to greet you' }`,
);

const without = (right: string) => adapter('', rights.replace(new RegExp(`${right}: '\\w+'(, )?`), ''));
const files: Record<string, string> = {
  'good.ts': good,
  'no-erase.ts': without('erase'),
  'no-rectify.ts': without('rectify'),
  'no-suppress.ts': without('suppress'),
  'raw-fetch.ts': adapter(`await fetch('https://crm.example/' + visitor.email);`),
  'environment.ts': adapter('partner.get(process.env.HOME, { returns: undefined as never });'),
  'node-module.ts': `import { connect } from 'node:net';\n${adapter('connect(443);')}`,
  'child-process.ts': `import { execSync } from 'node:child_process';\n${adapter('execSync("id");')}`,
  'timer.ts': adapter('setTimeout(() => partner, 1000);'),
  'page.ts': adapter('document.cookie = visitor.email; new XMLHttpRequest();'),
  'undeclared-field.ts': adapter('const { phone } = visitor;'),
  'unknown-field.ts': adapter('', rights, `${email}, shoeSize: { purpose: 'CustomerCare', because: 'to know' }`),
  'other-purpose.ts': adapter(
    'const { phone } = visitor;',
    rights,
    `${email}, phone: { purpose: 'DirectMarketing', because: 'to call you' }`,
  ),
  'unknown-purpose.ts': adapter('', rights, `email: { purpose: 'Fun', because: 'to play' }`),
};
let lines: string[] = [];
beforeAll(async () => {
  lines = await typeCheck(folder, files);
}, 60_000);
const errorsOf = (file: string) => lines.filter((line) => line.startsWith(`${file}(`)).join('\n');

test('R82 an adapter that keeps to its declaration compiles, with each @ts-expect-error in use', () => {
  expect(errorsOf('good.ts')).toBe('');
  expect(lines.length).toBeGreaterThan(0);
});

test.each(['erase', 'rectify', 'suppress'])('R81 without %s the build fails and says why', (right) => {
  expect(errorsOf(`no-${right}.ts`)).toMatch(new RegExp(`'${right}' is missing`));
});

test.each([
  ['raw-fetch', 6, "Cannot find name 'fetch'"],
  ['environment', 6, "Cannot find name 'process'"],
  ['node-module', 1, "'node:net'"],
  ['child-process', 1, "'node:child_process'"],
  ['timer', 6, "Cannot find name 'setTimeout'"],
  ['page', 6, "Cannot find name 'document'"],
])('R82 %s fails the type check with the line named', (name, line, words) => {
  expect(errorsOf(`${name}.ts`)).toContain(`${name}.ts(${line},`);
  expect(errorsOf(`${name}.ts`)).toContain(words);
});

test.each([
  ['undeclared-field', "Property 'phone' does not exist"],
  ['other-purpose', "Property 'phone' does not exist"],
  ['unknown-field', 'shoeSize'],
  ['unknown-purpose', `"Fun"' is not assignable`],
])('R81 %s is a type error', (name, words) => {
  expect(errorsOf(`${name}.ts`)).toContain(words);
});
