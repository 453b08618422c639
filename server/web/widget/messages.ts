/** What the loader on the brand's page tells the frame. */
export type SiteMessage =
  | { askfirst: 'open'; identity?: string }
  | { askfirst: 'closed' }
  /** The page the visitor is on, from the opening on; of the same origin as whoever says so (R67). */
  | { askfirst: 'page'; address: string; title: string };
/** What the frame tells the loader: it is drawn, it asks to be closed, something came while it was closed, or no rule holds for who is here (R61). */
export type FrameMessage =
  | { askfirst: 'ready'; name: string }
  | { askfirst: 'close' }
  | { askfirst: 'plain' }
  | { askfirst: 'unread'; count: number };

/** The part of a MessageEvent that decides whether it is heard. */
export type Heard = Pick<MessageEvent, 'origin' | 'source' | 'data'>;

const shape = (data: unknown): Record<string, unknown> | undefined =>
  typeof data === 'object' && data !== null && 'askfirst' in data ? (data as Record<string, unknown>) : undefined;

/** A page of the very site that names it, short enough to be one. */
function pageOf({ address, title }: Record<string, unknown>, origin: string): SiteMessage | undefined {
  if (typeof address !== 'string' || typeof title !== 'string') return undefined;
  if (address.length > 2048 || title.length > 300 || !address.startsWith(`${origin}/`)) return undefined;
  return { askfirst: 'page', address, title };
}

/** Origin against the exact list, then source, then shape; anything else is dropped without answer (SECURITY.md 4.8). */
export function fromSite(event: Heard, sites: readonly string[], site: unknown): SiteMessage | undefined {
  if (!sites.includes(event.origin) || event.source !== site) return;
  const data = shape(event.data);
  if (data?.askfirst === 'closed') return { askfirst: 'closed' };
  if (data?.askfirst === 'page') return pageOf(data, event.origin);
  if (data?.askfirst !== 'open') return;
  // A signed claim by the brand; the hub checks it, the page cannot make one (R28).
  return typeof data.identity === 'string' ? { askfirst: 'open', identity: data.identity } : { askfirst: 'open' };
}

/** The same filter on the brand's page: only the hub's own frame is heard, and only four words (SECURITY.md 4.8). */
export function fromFrame(event: Heard, hub: string, frame: unknown): FrameMessage | undefined {
  if (event.origin !== hub || !frame || event.source !== frame) return;
  const data = shape(event.data);
  if (data?.askfirst === 'close') return { askfirst: 'close' };
  if (data?.askfirst === 'plain') return { askfirst: 'plain' };
  if (data?.askfirst === 'ready' && typeof data.name === 'string') return { askfirst: 'ready', name: data.name };
  if (data?.askfirst === 'unread' && Number.isInteger(data.count) && (data.count as number) >= 0)
    return { askfirst: 'unread', count: data.count as number };
}
