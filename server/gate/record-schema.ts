/** The part of JSON Schema (draft 07) our record needs; `validate` reads all of it. */
export interface Schema {
  readonly type: 'object' | 'array' | 'string';
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly minLength?: number;
  readonly enum?: readonly string[];
}

const text: Schema = { type: 'string', minLength: 1 };
const one = (...values: string[]): Schema => ({ type: 'string', enum: values });
const many = (items: Schema, minItems = 1): Schema => ({ type: 'array', items, minItems });
const all = (properties: Record<string, Schema>): Schema => ({
  type: 'object',
  required: Object.keys(properties),
  properties,
});

const profile = 'https://w3id.org/dpv/schema/dpv-27560';
/** Profiles a record or receipt conforms to (GATE.md g). */
export const profiles = {
  record: `${profile}#record`,
  recordGdpr: `${profile}#record-eu-gdpr`,
  receipt: `${profile}#receipt`,
} as const;

// Party fields: id, name, role, address, contact, type.
const party = (...roles: string[]): Schema =>
  all({
    '@type': one(...roles),
    'dpv:hasIdentifier': text,
    'dpv:hasName': text,
    'schema:PostalAddress': text,
    'schema:contactPoint': text,
    'dpv:hasEntity': text,
  });

const personalData = all({
  // What it is, and whether it is of a special category: both are said, also where it is not.
  '@type': many(text, 2),
  'dct:identifier': text,
  'dct:description': text,
  'dpv:hasNecessity': one('dpv:Required', 'dpv:Optional'),
});

const process = all({
  '@type': one('dpv:Process'),
  'dpv:hasPurpose': text,
  'dpv:hasPersonalData': many(personalData),
  'dpv:hasStorageCondition': all({
    '@type': one('dpv:StorageCondition'),
    'dpv:hasLocation': many(text),
    'dpv:hasDuration': text,
  }),
  'dpv:hasDataController': party('dpv:DataController'),
  'dpv:hasRecipient': many(party('dpv:DataProcessor', 'dpv:ThirdParty')),
  'dpv:hasJurisdiction': many(text),
  'dpv:hasLegalBasis': text,
  'dpv:hasDataSource': text,
  'dpv:hasProcessing': many(text),
  'dpv:hasConsentControl': all({ '@type': one('dpv:WithdrawConsent'), 'dpv:isExercisedAt': text }),
  'dpv:hasRight': many(text),
  'dpv:hasAuthority': all({ '@type': one('dpv:DataProtectionAuthority'), 'dpv:hasName': text }),
});

const record = all({
  '@type': one('dpv:ConsentRecord'),
  'dct:conformsTo': one(profiles.record, profiles.recordGdpr),
  'dct:identifier': text,
  'dpv:hasDataSubject': text,
  'dpv:hasNotice': all({ '@type': one('dpv:ConsentNotice'), '@id': text, 'dct:identifier': text }),
  'dct:language': text,
  'dpv:hasProcess': process,
  'dpv:hasLegalBasis': one('dpv:ExpressedConsent', 'dpv:ExplicitlyExpressedConsent'),
  'dpv:hasConsentStatus': one(
    'dpv:ConsentGiven',
    'dpv:RenewedConsentGiven',
    'dpv:ConsentRefused',
    'dpv:ConsentWithdrawn',
  ),
  'dpv:isIndicatedAtTime': text,
  'dpv:hasDuration': all({ '@type': one('dpv:UntilTimeDuration', 'dpv:UntilEventDuration'), 'dct:valid': text }),
  'dpv:isIndicatedBy': text,
});

/** Our schema of a receipt's `record`: each field of the table in GATE.md g is required (no official schema exists). */
export const recordSchema: Schema = all({
  '@type': one('dpv:ConsentReceipt'),
  'dct:conformsTo': one(profiles.receipt),
  'dct:identifier': text,
  'dct:created': text,
  'dpv:hasRecordOfActivity': record,
});

const isText = (value: unknown): value is string => typeof value === 'string';

function badText({ minLength = 0, enum: words }: Schema, value: unknown, at: string): string[] {
  const good = isText(value) && value.length >= minLength && (!words || words.includes(value));
  return good ? [] : [at];
}

/** The places where a value does not follow a schema, as paths; an empty list means it does. */
export function validate(schema: Schema, value: unknown, at = ''): string[] {
  if (schema.type === 'string') return badText(schema, value, at);
  if (schema.type === 'array') {
    const { items, minItems = 0 } = schema;
    if (!Array.isArray(value) || value.length < minItems) return [at];
    return items ? value.flatMap((item, i) => validate(items, item, `${at}/${i}`)) : [];
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [at];
  const missing = (schema.required ?? []).filter((key) => !Object.hasOwn(value, key)).map((key) => `${at}/${key}`);
  const known = Object.entries(schema.properties ?? {}).filter(([key]) => Object.hasOwn(value, key));
  const wrong = known.flatMap(([key, inner]) =>
    validate(inner, (value as Record<string, unknown>)[key], `${at}/${key}`),
  );
  return [...missing, ...wrong];
}
