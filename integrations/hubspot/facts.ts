import type { OauthFacts } from '#sdk';

/**
 * HubSpot as data. Addresses, call list, token ways and scopes: HubSpot's published API descriptions (OAuth 2026-03,
 * contacts v3, notes v3, associations v4; notes use the same two scopes as contacts). Parameters of the token call in the body, rate of 100 per 10 s, limits of
 * erasure: HubSpot's documentation pages. `hub_id` and `hub_domain`: the introspection answer of the OAuth description.
 * Legal name, postal address and policy page: HubSpot's public legal pages, not in any description; check them before
 * a real connection. `retention` is our guess in words: HubSpot states none for records a customer keeps. `targets`: the
 * properties that adapter.ts writes, one for each field and no choice of another. `webhook`: way of signing and members of
 * an event as HubSpot's own SDK has them (`@hubspot/api-client`, signature.js and its test). That `contact.deletion` and
 * `contact.privacyDeletion` carry the members shown there for `contact.creation`, and that no single member names an event
 * for ever, are guesses (R11): all that stay the same at another try count together. `recordPage`: the form with `contact`
 * as Okta's documentation of its HubSpot connector shows it (help.okta.com, "Associate a Contact with another Object"); the
 * one with `record/0-1`, where 0-1 is HubSpot's documented object type of contacts, as public programs link to it: a guess.
 */
export const facts: OauthFacts = {
  id: 'hubspot',
  name: 'HubSpot',
  docs: 'https://developers.hubspot.com/docs',
  policy: 'https://legal.hubspot.com/privacy-policy',
  recipient: {
    legalName: 'HubSpot, Inc.',
    address: '2 Canal Park, Cambridge, MA 02141',
    countries: ['US'],
    role: 'processor',
    retention: 'for as long as the brand keeps the record there',
  },
  basis: 'consent',
  legalCitation: '',
  sale: false,
  auth: {
    kind: 'oauth2',
    authorize: 'https://app.hubspot.com/oauth/authorize',
    token: 'https://api.hubapi.com/oauth/2026-03/token',
    revoke: 'https://api.hubapi.com/oauth/2026-03/token/revoke',
    account: 'https://api.hubapi.com/oauth/2026-03/token/introspect',
    accountId: 'hub_id',
    accountName: 'hub_domain',
    clientAuth: 'body',
    scopes: ['oauth', 'crm.objects.contacts.read', 'crm.objects.contacts.write'],
    scopesFor: {
      CustomerRelationshipManagement: ['crm.objects.contacts.read', 'crm.objects.contacts.write'],
      CustomerCare: ['crm.objects.contacts.read', 'crm.objects.contacts.write'],
    },
  },
  api: 'https://api.hubapi.com',
  hosts: ['app.hubspot.com', 'api.hubapi.com'],
  calls: [
    'POST /crm/v3/objects/contacts/batch/upsert',
    'POST /crm/v3/objects/notes',
    'PUT /crm/v4/objects/notes/{note}/associations/default/contacts/{contact}',
  ],
  rate: { requests: 100, perSeconds: 10 },
  // the contact is upserted by e-mail, but a repeated POST of a note makes a second note and HubSpot takes no key
  idempotent: false,
  targets: {
    email: 'email',
    name: 'firstname and lastname',
    phone: 'phone',
    transcript: 'a note (hs_note_body)',
  },
  recordPage: {
    host: 'app.hubspot.com',
    paths: ['/contacts/{account}/record/0-1/{record}', '/contacts/{account}/contact/{record}'],
  },
  webhook: {
    signature: {
      kind: 'hmac',
      hash: 'sha256',
      encoding: 'base64',
      header: 'x-hubspot-signature-v3',
      over: ['method', 'url', 'body', 'timestamp'],
      timestamp: { header: 'x-hubspot-request-timestamp', unit: 'milliseconds' },
    },
    secret: 'client',
    address: 'app',
    body: 'json',
    list: true,
    id: ['portalId', 'subscriptionId', 'eventId', 'subscriptionType', 'objectId', 'occurredAt'],
    account: 'portalId',
  },
  erase: {
    steps: 'Look the contact up in HubSpot, then delete it permanently there ("GDPR delete"). Notes go one by one.',
    remains: 'A plain delete only archives: it can be undone for 90 days.',
  },
  verification: 'vendor description only',
};
