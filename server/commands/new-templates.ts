/** Files of a fresh adapter against the sandbox CRM, by file name. `name` is kebab-case, `title` what people read. */
export function adapterFiles(name: string, title: string): Record<string, string> {
  const host = `${name}.sandbox.example`;
  return {
    'facts.ts': `import type { AdapterFacts } from '#sdk';

/** ${title} as data: the sandbox CRM of the demo. Replace each value by the partner's own, and say where you read it. */
export const facts: AdapterFacts = {
  id: '${name}',
  name: '${title}',
  docs: 'https://${host}/docs',
  policy: 'https://${host}/privacy',
  recipient: {
    legalName: '${title} (sandbox)',
    address: 'this computer: a sandbox beside the hub',
    countries: ['DK'],
    role: 'processor',
    retention: 'until the demo is reset',
  },
  basis: 'consent',
  legalCitation: '',
  sale: false,
  auth: {
    kind: 'oauth2',
    authorize: 'https://${host}/oauth/authorize',
    token: 'https://${host}/oauth/2026-03/token',
    revoke: 'https://${host}/oauth/2026-03/token/revoke',
    account: 'https://${host}/oauth/2026-03/token/introspect',
    accountId: 'hub_id',
    accountName: 'hub_domain',
    clientAuth: 'body',
    scopes: ['oauth', 'crm.objects.contacts.read', 'crm.objects.contacts.write'],
  },
  api: 'https://${host}',
  hosts: ['${host}'],
  calls: ['POST /crm/v3/objects/contacts/batch/upsert'],
  rate: { requests: 100, perSeconds: 10 },
  idempotent: true, // the contact is found by its e-mail: sending twice is sending once
  erase: { steps: 'Delete the contact in ${title}.', remains: 'Nothing.' },
  targets: { email: 'email', phone: 'phone' },
  verification: 'sandbox only',
};
`,
    'adapter.ts': `import * as z from 'zod/mini';
import { defineAdapter, PartnerError } from '#sdk';
import { facts } from './facts.ts';

const Upserted = z.object({
  results: z.array(z.object({ id: z.string(), new: z.boolean() })),
  errors: z.optional(z.array(z.unknown())),
});

/** ${title}: finds or creates the contact by e-mail. */
export const adapter = defineAdapter({
  facts,
  shares: {
    email: { purpose: 'CustomerRelationshipManagement', need: true, because: 'to find or create your contact record' },
    phone: { purpose: 'CustomerRelationshipManagement', because: 'to call you back' },
  },
  receives: { Contact: 'to find the same record at the next share' },
  on: {
    async CustomerRelationshipManagement({ email, phone }, partner) {
      const answer = await partner.post('/crm/v3/objects/contacts/batch/upsert', {
        body: { inputs: [{ id: email, idProperty: 'email', properties: { ...(phone && { phone }) } }] },
        returns: Upserted,
      });
      const [contact] = answer.results;
      if (!contact || answer.errors?.length) throw new PartnerError('record', 207);
      return {
        record: contact.id,
        card: [{ label: 'Contact', value: \`\${contact.id}, \${contact.new ? 'new' : 'updated'}\` }],
      };
    },
  },
  erase: 'manual',
  rectify: 'manual',
  restrict: 'none',
  suppress: 'manual',
});
`,
    'exchange.json': `${JSON.stringify(
      {
        origin: 'written for the sandbox CRM; no real partner was called',
        deliveries: [
          {
            purpose: 'CustomerRelationshipManagement',
            visitor: { email: 'ada.brandt@shop.example', phone: '+45 20 11 12 13' },
            partner: { chat: { number: 1, at: '2026-11-22T13:05:00Z' }, key: 'share-1' },
            calls: [
              {
                request: {
                  method: 'POST',
                  path: '/crm/v3/objects/contacts/batch/upsert',
                  body: {
                    inputs: [
                      { id: 'ada.brandt@shop.example', idProperty: 'email', properties: { phone: '+45 20 11 12 13' } },
                    ],
                  },
                },
                answer: { status: 200, body: { status: 'COMPLETE', results: [{ id: '101', new: true }] } },
              },
            ],
            delivered: { record: '101', card: [{ label: 'Contact', value: '101, new' }] },
          },
        ],
      },
      null,
      2,
    )}
`,
    'logo.svg': `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="32" height="32" role="img" aria-label="${title[0]}">
  <rect width="32" height="32" rx="7" fill="#5b6472" />
  <text x="16" y="22" fill="#fff" font-family="sans-serif" font-size="17" font-weight="700" text-anchor="middle">${title[0]}</text>
</svg>
`,
  };
}
