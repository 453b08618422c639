/** Thrown for a request body that HubSpot's description would refuse; `where` names the field, never its value. */
export class BadBody extends Error {
  readonly where: string;
  constructor(where: string) {
    super(`The field ${where} is missing or has the wrong form.`);
    this.name = 'BadBody';
    this.where = where;
  }
}

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A JSON object, or BadBody. */
export function objectAt(value: unknown, where: string): Json {
  if (!isObject(value)) throw new BadBody(where);
  return value;
}

/** A list, or BadBody. */
export function listAt(value: unknown, where: string): unknown[] {
  if (!Array.isArray(value)) throw new BadBody(where);
  return value;
}

/** A text, or BadBody. */
export function textAt(value: unknown, where: string): string {
  if (typeof value !== 'string') throw new BadBody(where);
  return value;
}

/** Properties: an object of texts, as every HubSpot CRM call wants them; or BadBody. */
export function propertiesAt(value: unknown, where: string): Record<string, string> {
  const entries = Object.entries(objectAt(value, where));
  return Object.fromEntries(entries.map(([name, text]) => [name, textAt(text, `${where}.${name}`)]));
}

/** One condition of a search. */
interface SearchFilter {
  propertyName: string;
  operator: string;
  value?: string;
  values?: string[];
}

/** Reads a search; all five fields are required (PARTNERS.md HubSpot, file). Throws BadBody. */
export function searchAt(value: unknown): { groups: SearchFilter[][]; limit: number } {
  const body = objectAt(value, 'body');
  textAt(body.after, 'after');
  listAt(body.sorts, 'sorts');
  listAt(body.properties, 'properties');
  if (!Number.isInteger(body.limit)) throw new BadBody('limit');
  const groups = listAt(body.filterGroups, 'filterGroups').map((group) =>
    listAt(objectAt(group, 'filterGroups').filters, 'filters').map((raw) => {
      const filter = objectAt(raw, 'filters');
      return {
        propertyName: textAt(filter.propertyName, 'propertyName'),
        operator: textAt(filter.operator, 'operator'),
        ...(filter.value === undefined ? {} : { value: textAt(filter.value, 'value') }),
        ...(filter.values === undefined
          ? {}
          : { values: listAt(filter.values, 'values').map((v) => textAt(v, 'values')) }),
      };
    }),
  );
  return { groups, limit: Number(body.limit) };
}

/** True when the properties meet the condition; operators the sandbox does not speak are a BadBody. */
export function meets(properties: Record<string, string>, { propertyName, operator, value, values }: SearchFilter) {
  const held = properties[propertyName];
  // HubSpot compares e-mails without regard to case
  const fold = (text: string | undefined) => (propertyName === 'email' ? text?.toLowerCase() : text);
  if (operator === 'EQ') return held !== undefined && fold(held) === fold(value);
  if (operator === 'NEQ') return fold(held) !== fold(value);
  if (operator === 'IN') return held !== undefined && (values ?? []).some((one) => fold(one) === fold(held));
  if (operator === 'HAS_PROPERTY') return held !== undefined;
  if (operator === 'NOT_HAS_PROPERTY') return held === undefined;
  throw new BadBody('operator');
}
