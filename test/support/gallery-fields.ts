import { type DataSheet, type FieldMap, fieldKey, type Upgrade } from '#contract/connection.ts';
import type { FieldsProps } from '../../server/web/console/fields.tsx';
import { sheet } from './gallery-data.ts';

const targets: DataSheet['targets'] = { name: 'firstname and lastname', email: 'email', phone: 'phone' };
/** HubSpot as Harbor Motors maps it: the phone is off, the company comes back. */
export const fields: FieldMap = {
  version: 3,
  fields: [
    ...sheet.fields.map((field) => ({
      field,
      state: field.name === 'phone' ? ('off' as const) : ('on' as const),
      ...(targets[field.name] ? { target: targets[field.name] } : {}),
    })),
    {
      field: {
        name: 'company',
        class: 'identity',
        purpose: 'Personalisation',
        need: false,
        because: 'to show the agent where you work',
        special: false,
        freeText: false,
        receives: true,
      },
      state: 'on',
    },
  ],
};
/** Somebody wants the phone without the e-mail that HubSpot needs. */
export const refused: FieldsProps['refused'] = {
  objection: {
    why: 'needed',
    field: 'email',
    purpose: 'CustomerRelationshipManagement',
    rest: ['name', 'phone', 'company'],
  },
  on: fields.fields.map((m) => fieldKey(m.field)).filter((key) => !key.endsWith('.email')),
};
const [name, email, phone, company] = sheet.fields;
/** A newer HubSpot add-on: one field more, one reason new, one country more, and the phone no longer used. */
export const upgrade: Upgrade = {
  version: 3,
  manifest: 'kJ5f0mTjcvR2',
  waits: [
    ...(company ? [{ kind: 'added' as const, what: 'field' as const, field: company }] : []),
    ...(name && email
      ? [
          {
            kind: 'changed' as const,
            what: 'field' as const,
            field: { ...email, because: 'to find your record and those of your colleagues' },
            before: email,
          },
        ]
      : []),
    { kind: 'added', what: 'country', value: 'IN' },
    { kind: 'added', what: 'call', value: 'POST /crm/v3/objects/companies' },
    { kind: 'changed', what: 'ai', before: 'no', after: 'yes' },
  ],
  stopped: phone ? [{ kind: 'removed', what: 'field', field: phone }] : [],
};
