import * as z from 'zod/mini';
import { call, id, none } from './call.ts';

/** Where a connected partner shows one person's record: an origin, and paths in which `{record}` is the record's number. */
export interface RecordSite {
  integration: string;
  partner: string;
  sandbox: boolean;
  /** `https://app.partner.example`; no path. */
  origin: string;
  /** `/contacts/4810000/record/{record}`: the brand's own account is filled in, so that another account's page is none. */
  paths: string[];
}

/** Whose record it is: one person and the newest of their chats, nobody, or more than one person (then nobody is picked). */
export type Found = { found: 'one'; conversation: string } | { found: 'none' | 'many' };

/** The calls with which the panel finds the person shown in the open tab (R78). */
export const findCalls = {
  panelSites: call<{ sites: RecordSite[] }>()({
    method: 'GET',
    path: '/api/panel/sites',
    caller: 'agent',
    input: none,
  }),
  /** POST because the record's number is about a person: it travels in a body and stands in no address. */
  panelFind: call<Found>()({
    method: 'POST',
    path: '/api/panel/find',
    caller: 'agent',
    input: z.strictObject({ integration: id, record: z.string().check(z.minLength(1), z.maxLength(200)) }),
  }),
} as const;
