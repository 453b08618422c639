import type { Manifest } from '#contract/connection.ts';
import { type Snapshot, strictSettings } from '../../../server/gate/decide.ts';

/** The base case of GATE.md d: adult, third party, sale, consent basis, everything else in order, never asked. */
export const base: Snapshot = {
  connection: 'active',
  erased: false,
  purposeDeclared: true,
  recipientDocumented: true,
  basis: 'consent',
  legalCitation: false,
  sale: true,
  role: 'third_party',
  restricted: false,
  objected: false,
  state: 'none',
  by: 'self',
  explicit: true,
  versionOk: true,
  scopeOk: true,
  age: 'adult',
  special: false,
  signal: false,
  grantAfterSignalSpecific: false,
  regime: 'opt_in',
  noticeServed: true,
  settings: strictSettings,
};

/** The settings with each strict default loosened. */
export const looseSettings = {
  signalStopsAllConsentSharing: false,
  askedMeansWait: false,
  optOutDefaultEnabled: true,
  refusalStopsProcessors: false,
};

/** A complete manifest of one CRM with two purposes. */
export const manifest: Manifest = {
  provider: 'crm',
  name: 'Acme CRM',
  fields: [
    {
      name: 'email',
      class: 'contact',
      purpose: 'CustomerRelationshipManagement',
      need: true,
      because: 'to find or create your contact record',
      special: false,
      freeText: false,
    },
    {
      name: 'name',
      class: 'identity',
      purpose: 'CustomerRelationshipManagement',
      need: false,
      because: 'to greet you by name',
      special: false,
      freeText: false,
    },
    {
      name: 'transcript',
      class: 'content',
      purpose: 'CustomerCare',
      need: true,
      because: 'to keep this chat with your record',
      special: false,
      freeText: true,
    },
  ],
  basis: 'consent',
  legalCitation: '',
  role: 'third_party',
  sale: false,
  recipient: { legalName: 'Acme CRM, Inc.', address: '1 Example Street, Springfield', countries: ['US'] },
  retention: 'until you ask for it to be erased',
  policy: 'https://crm.example/privacy',
  hosts: ['api.crm.example'],
  calls: ['POST /contacts'],
  receives: [],
  capabilities: { erase: 'api', rectify: 'api', restrict: 'manual', suppress: 'api' },
};
