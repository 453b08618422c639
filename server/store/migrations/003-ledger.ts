/** What the ledger needs beside its tables: its key rows are found without reading all the others. */
export const ledger: string[] = ["create index ledger_leaf_key on ledger_leaf (idx) where type = 'key'"];
