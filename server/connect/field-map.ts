import { type FieldMap, fieldKey } from '#contract/connection.ts';
import { heldPurposes } from '../gate/narrow.ts';
import type { Tx } from '../store/open.ts';
import { type Installed, installedOf, mappingOf } from './mapping.ts';
import { lackingOf } from './scopes.ts';

/** The connection's fields as its page shows them (R13). Raises `not-found` for another brand's. */
export function fieldMapOf(read: Pick<Tx, 'hot'>, catalogue: Installed, brandId: string, id: string): FieldMap {
  const mapping = mappingOf(read, brandId, id);
  const { kept, off, version, provider } = mapping;
  const installed = installedOf(catalogue, provider) ?? kept;
  const lacking = lackingOf(read, catalogue, mapping, kept.fields);
  const on = kept.fields.filter((f) => !off.includes(fieldKey(f)));
  const held = heldPurposes(on, installed);
  const permitted = on.filter((f) => !lacking.includes(fieldKey(f)));
  const stopped = heldPurposes(permitted, installed);
  return {
    version,
    fields: kept.fields.map((field) => {
      const target = kept.targets?.[field.name];
      const isOff = off.includes(fieldKey(field));
      const barred = !permitted.includes(field) || stopped.has(field.purpose);
      return {
        field,
        state: isOff ? 'off' : held.has(field.purpose) ? 'held' : barred ? 'ungranted' : 'on',
        ...(target && !field.receives ? { target } : {}),
      };
    }),
  };
}
