import type { ComponentChild } from 'preact';

// An address ends before whatever would change how it reads: marks that turn the direction of writing, and controls.
const address = /\b(?:https?:\/\/|mailto:)[^\s<>"\p{Cc}\p{Bidi_Control}]*[^\s<>"\p{Cc}\p{Bidi_Control}'.,;:!?)\]}]/giu;

/** An address, or undefined where the text is none or opens anything but a page or a mail. */
export function safeUrl(text: string, base?: string): URL | undefined {
  try {
    const url = new URL(text, base);
    return ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url : undefined;
  } catch {
    return undefined;
  }
}

/** Whether what stands in the text is not the host a browser would open: look-alike letters, or a name before an @. */
const disguised = (text: string, url: URL): boolean =>
  url.protocol !== 'mailto:' &&
  (url.username !== '' || url.password !== '' || !text.toLowerCase().includes(`://${url.hostname}`));

/**
 * People's words with addresses as links: http, https and mailto only, without opener and referrer, the true host beside
 * one in disguise (sec-H02). Each link is written from left to right, whatever stands before it turns.
 */
export function withLinks(text: string): ComponentChild[] {
  const out: ComponentChild[] = [];
  let from = 0;
  for (const { 0: found, index } of text.matchAll(address)) {
    const url = safeUrl(found);
    if (!url) continue;
    out.push(
      text.slice(from, index),
      <a href={url.href} target="_blank" rel="noopener noreferrer" dir="ltr">
        {found}
      </a>,
      disguised(found, url) && ` (${url.hostname})`,
    );
    from = index + found.length;
  }
  out.push(text.slice(from));
  return out;
}
