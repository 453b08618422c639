import type { ComponentChild } from 'preact';

const address = /\b(?:https?:\/\/|mailto:)[^\s<>"]*[^\s<>"'.,;:!?)\]}]/gi;

/** An address, or undefined where the text is none or opens anything but a page or a mail. */
export function safeUrl(text: string, base?: string): URL | undefined {
  try {
    const url = new URL(text, base);
    return ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url : undefined;
  } catch {
    return undefined;
  }
}

/** The true host behind a look-alike: what stands in the text is not what the browser would open. */
const disguised = (text: string, url: URL): boolean => url.hostname.includes('xn--') && !text.includes(url.hostname);

/** People's words with addresses as links: http, https and mailto only, without opener and referrer (sec-H02). */
export function withLinks(text: string): ComponentChild[] {
  const out: ComponentChild[] = [];
  let from = 0;
  for (const { 0: found, index } of text.matchAll(address)) {
    const url = safeUrl(found);
    if (!url) continue;
    out.push(
      text.slice(from, index),
      <a href={url.href} target="_blank" rel="noopener noreferrer">
        {found}
      </a>,
      disguised(found, url) && ` (${url.hostname})`,
    );
    from = index + found.length;
  }
  out.push(text.slice(from));
  return out;
}
