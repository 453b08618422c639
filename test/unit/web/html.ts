/** One start tag of a page, as far as these tests look. */
export interface Tag {
  name: string;
  attributes: Record<string, string>;
  /** Where its `>` ends in the page. */
  end: number;
}
/** A form with its hidden fields and its submit buttons. */
export interface Form {
  method: string;
  action: string;
  fields: Record<string, string>;
  buttons: Record<string, string>[];
}

/** Every start tag in order. Enough for what preact-render-to-string writes: attributes are always quoted. */
export const tags = (html: string): Tag[] =>
  [...html.matchAll(/<([a-z][a-z0-9]*)((?:\s+[^\s=>/]+(?:="[^"]*")?)*)\s*\/?>/g)].map((m) => ({
    name: m[1] ?? '',
    attributes: Object.fromEntries(
      [...(m[2] ?? '').matchAll(/([^\s=]+)(?:="([^"]*)")?/g)].map((a) => [a[1] ?? '', a[2] ?? '']),
    ),
    end: m.index + m[0].length,
  }));

/** Every form of a page. */
export const forms = (html: string): Form[] =>
  [...html.matchAll(/<form[\s\S]*?<\/form>/g)].map(([part]) => {
    const [form, ...inner] = tags(part);
    const hidden = inner.filter((t) => t.attributes.type === 'hidden');
    return {
      method: form?.attributes.method ?? 'get',
      action: form?.attributes.action ?? '',
      fields: Object.fromEntries(hidden.map((t) => [t.attributes.name ?? '', t.attributes.value ?? ''])),
      buttons: inner.filter((t) => t.name === 'button').map((t) => t.attributes),
    };
  });

/** The words of a page's body, with the marks of markup taken out. */
export const text = (html: string): string =>
  (html.split(/<body[^>]*>/)[1] ?? '')
    .replaceAll('\u2060', '')
    .replace(/<[^>]+>/g, (tag) => (/^<\/?(b|strong|span|a|time)\b/.test(tag) ? '' : ' '))
    .replaceAll('&amp;', '&')
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replace(/\s+/g, ' ');
