import type { Question } from '#contract/chat.ts';
import type { InputOf } from '#contract/endpoints.ts';

/** A question as HubSpot's adapter would have it; the values are what the visitor typed. */
export const question = (typed: InputOf<'chatStart'>, nonce: string): Question => ({
  nonce,
  integration: 'int-1',
  partner: 'HubSpot',
  sandbox: false,
  purpose: 'CustomerRelationshipManagement',
  because: 'to open your case',
  notice: 'HubSpot, Inc. (United States) keeps Harbor Motors’ customer records. The chat goes on either way.',
  recipient: {
    legalName: 'HubSpot, Inc.',
    address: '2 Canal Park, Cambridge, MA 02141',
    countries: ['US'],
    retention: 'until you or Harbor Motors ask for erasure',
    policy: 'https://legal.hubspot.com/privacy-policy',
  },
  fields: (['name', 'email', 'phone'] as const).flatMap((field) =>
    typed[field]
      ? [{ field, label: field, because: 'to open your case', need: field === 'email', value: typed[field] }]
      : [],
  ),
});

/** The question whether what an add-on with AI knows may be added (R22, R30). */
export const adding = (nonce: string): Question => ({
  nonce,
  integration: 'int-1',
  partner: 'HubSpot',
  sandbox: false,
  receives: true,
  ai: true,
  purpose: 'Personalisation',
  because: 'to show the agent where you work',
  notice:
    'What HubSpot, Inc. (United States), knows of you may be added to what Harbor Motors knows. The chat goes on either way.',
  recipient: {
    legalName: 'HubSpot, Inc.',
    address: '2 Canal Park, Cambridge, MA 02141',
    countries: ['US'],
    retention: 'until you or Harbor Motors ask for erasure',
    policy: 'https://legal.hubspot.com/privacy-policy',
  },
  fields: [{ field: 'company', label: 'company', because: 'to show the agent where you work', need: false }],
});
