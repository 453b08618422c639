import type { Carries } from '../carried.ts';
import type { Correction } from '../description.ts';

/** What HubSpot is sent, by the place it stands in, for the comparison with the adapter's shares. */
export const carries: Carries = {
  'inputs[].id': 'email',
  'inputs[].idProperty': 'fixed',
  'inputs[].properties.firstname': 'name',
  'inputs[].properties.lastname': 'name',
  'inputs[].properties.phone': 'phone',
  'properties.hs_timestamp': 'fixed',
  'properties.hs_note_body': 'fixed',
};

/** HubSpot's descriptions need none: cleaning is enough. */
export const corrections: readonly Correction[] = [];
