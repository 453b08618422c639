/** A sentence with something in its middle that is no words of ours: a link, or what an add-on says of itself. */
export type Around = readonly [before: string, after: string];
