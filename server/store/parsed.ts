/** Freezes a value of JSON with all it holds. */
function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}

/**
 * Reads a stored text once and hands out the same frozen value as long as the text is the same: every decision reads
 * manifest, notice and settings, which change a few times a year. The text itself is read from the store each time, so
 * a changed or damaged row is seen at once (R16). `read` may throw, and then nothing is kept.
 */
export function onceByText<T>(read: (text: string) => T, most = 100): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const value = frozen(read(text));
    if (known.size >= most) known.clear();
    known.set(text, value);
    return value;
  };
}
