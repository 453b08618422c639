import Bowser from 'bowser';

/** The longest user agent that is looked at; a browser's own is a quarter of that. Characters. */
const longest = 1_000;

/** Names of the library's own: of a browser it does not know it repeats what the user agent says. */
const browsers: readonly string[] = Object.values(Bowser.BROWSER_MAP);
const systems: readonly string[] = Object.values(Bowser.OS_MAP);

/**
 * "Firefox on Android": browser and system in coarse words, from the user agent of the chat's own request (R67). No
 * version, no model: the agent needs to know which buttons the visitor sees, and less tells people apart less. Undefined
 * where neither is known.
 */
export function deviceOf(userAgent: string | undefined): string | undefined {
  if (!userAgent || userAgent.length > longest) return undefined;
  const { browser, os } = Bowser.parse(userAgent);
  const [name, system] = [browsers.find((b) => b === browser.name), systems.find((s) => s === os.name)];
  return name && system ? `${name} on ${system}` : (name ?? system);
}
