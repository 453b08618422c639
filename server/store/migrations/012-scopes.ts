/** Permissions a partner really gave, by name; null where no answer of it has been stored since (R9). */
export const scopes: string[] = ['alter table integration add column scopes_json text'];
