import type * as z from 'zod/mini';

/**
 * One group of what a brand decides about its chat: its own row and its own version, so that a damaged group never
 * touches another, and nothing here decides what may leave (that is `settings.ts`, which the gate reads).
 */
export interface ChatSetting<T> {
  /** Word in the store and in the audit. */
  name: string;
  /** What holds until a brand decides, and where what it decided cannot be read. */
  standard: T;
  /** The value where it is one of this group, else the place of the mistake, never the value. */
  check(value: unknown): { value: T } | { wrong: string };
}

/** Declares a group by its schema. */
export const chatSetting = <const S extends z.ZodMiniType>(of: {
  name: string;
  schema: S;
  standard: z.infer<S>;
}): ChatSetting<z.infer<S>> => ({
  name: of.name,
  standard: of.standard,
  check(value) {
    const read = of.schema.safeParse(value);
    return read.success ? { value: read.data } : { wrong: read.error.issues[0]?.path.join('.') || of.name };
  },
});
