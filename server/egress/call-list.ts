/** One line of a call list, taken apart: `{x}` is one segment, `?a&b` at the end names the query parameters allowed. */
interface Line {
  method: string;
  segments: string[];
  query: Set<string>;
}

function parse(line: string): Line {
  const match = /^(GET|POST|PUT|PATCH|DELETE) (\/[^?\s]*)(?:\?(\S+))?$/.exec(line);
  if (!match) throw new TypeError(`not a line of a call list: ${line}`);
  const [, method = '', path = '', query] = match;
  return { method, segments: path.split('/').slice(1), query: new Set(query?.split('&')) };
}

// What a server may read as a separator or as "one up", however it is spelt.
const hidden = /%(?:2f|5c|00|25)|[\\#;]/i;

function segmentsOf(path: string): string[] | undefined {
  if (!/^\/[\x21-\x7e]*$/.test(path) || hidden.test(path)) return;
  const segments = path.split('/').slice(1);
  for (const segment of segments) {
    let plain: string;
    try {
      plain = decodeURIComponent(segment);
    } catch {
      return;
    }
    if (plain === '' || plain === '.' || plain === '..') return;
  }
  return segments;
}

/**
 * Reads an adapter's call list and answers whether `method` and `path` (query included) stand in it; anything else is
 * refused before DNS (SECURITY.md control 5, EG3). Throws a TypeError when the list itself cannot be read.
 */
export function createCallList(calls: readonly string[]): (method: string, path: string) => boolean {
  const lines = calls.map(parse);
  return (method, path) => {
    const at = path.indexOf('?');
    const segments = segmentsOf(at < 0 ? path : path.slice(0, at));
    if (!segments) return false;
    const query = at < 0 ? '' : path.slice(at + 1);
    if (at >= 0 && !/^[\x21\x24-\x7e]+$/.test(query)) return false;
    const names = [...new URLSearchParams(query).keys()];
    return lines.some(
      (line) =>
        line.method === method &&
        line.segments.length === segments.length &&
        line.segments.every((part, i) => /^\{[^}]*\}$/.test(part) || part === segments[i]) &&
        names.every((name) => line.query.has(name)) &&
        (at < 0 || line.query.size > 0),
    );
  };
}
