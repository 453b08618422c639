import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

/** This near to the end counts as there, pixels. */
const near = 48;

/** In a narrow panel the middle scrolls, in a wide one the conversation alone. */
function scrollerOf(talk: HTMLElement | null): HTMLElement | null {
  const middle = talk?.closest<HTMLElement>('.middle');
  return middle && getComputedStyle(middle).display !== 'contents' ? middle : talk;
}

/**
 * Keeps the newest line in view for whoever is there: when lines come (`lines`: anything that changes with them), and when
 * the room changes, as by a preview or a narrower window. A reader further up, or one whom a search led there, stays until
 * they send something themselves (`sending`: how much is on its way); `id` is the chat, '' while it is not read yet, and
 * another chat begins at its end.
 */
export function useAtEnd(
  talk: RefObject<HTMLElement | null>,
  { id, sending, lines }: { id: string; sending: number; lines: readonly unknown[] },
): void {
  const place = useRef({ id: '', sending: 0, atEnd: true, height: 0, room: '' }).current;
  const roomOf = (s: HTMLElement): string => `${s.clientWidth} ${s.clientHeight}`;
  /** By the height that counts; in another room than the last look's the place says nothing. */
  const measure = (s: HTMLElement, height: number): void => {
    if (roomOf(s) === place.room) place.atEnd = height - s.scrollTop - s.clientHeight < near;
  };
  const stay = (): void => {
    const s = scrollerOf(talk.current);
    if (!s) return;
    if (place.atEnd) s.scrollTop = s.scrollHeight;
    place.height = s.scrollHeight;
    place.room = roomOf(s);
  };
  useLayoutEffect(() => {
    const s = scrollerOf(talk.current);
    if (s) measure(s, place.height); // as it was before what came now
    if (place.id !== id || id === '' || sending > place.sending) place.atEnd = true;
    Object.assign(place, { id, sending });
    stay();
  }, [id, sending, ...lines]);
  useEffect(() => {
    const box = talk.current;
    const middle = box?.closest<HTMLElement>('.middle');
    if (!box || !middle) return;
    const scrolled = (): void => {
      const s = scrollerOf(box);
      if (s) measure(s, s.scrollHeight);
    };
    middle.addEventListener('scroll', scrolled, true);
    const room = new ResizeObserver(stay);
    room.observe(box);
    room.observe(middle);
    return () => {
      middle.removeEventListener('scroll', scrolled, true);
      room.disconnect();
    };
  }, []);
}
