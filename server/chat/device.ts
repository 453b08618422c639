import Bowser from 'bowser';

/** The longest user agent that is looked at; a browser's own is a quarter of that. Characters. */
const longest = 1_000;

/**
 * "Firefox on Android": browser and system in coarse words, from the user agent of the chat's own request (R67). No
 * version, no model: the agent needs to know which buttons the visitor sees, and less tells people apart less. Undefined
 * where neither is known.
 */
export function deviceOf(userAgent: string | undefined): string | undefined {
  if (!userAgent || userAgent.length > longest) return undefined;
  const { browser, os } = Bowser.parse(userAgent);
  if (browser.name && os.name) return `${browser.name} on ${os.name}`;
  return browser.name || os.name || undefined;
}
