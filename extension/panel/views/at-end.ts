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
 * they send something themselves (`sent`: how many lines are theirs, on their way or there); `id` is the chat, '' while it
 * is not read yet, and another chat begins at its end.
 */
export function useAtEnd(
  talk: RefObject<HTMLElement | null>,
  { id, sent, lines }: { id: string; sent: number; lines: readonly unknown[] },
): void {
  const place = useRef({ id: '', sent: 0, atEnd: true, height: 0, top: 0, room: '' }).current;
  const roomOf = (s: HTMLElement): string => `${s.clientWidth} ${s.clientHeight}`;
  /**
   * By the height that counts. In another room than the last look's the place says nothing, and only who went up has left
   * the end: a part that grows before its scrolling is told of moves nobody.
   */
  const measure = (s: HTMLElement, height: number): void => {
    const there = height - s.scrollTop - s.clientHeight < near;
    if (roomOf(s) === place.room && (there || s.scrollTop < place.top)) place.atEnd = there;
    place.top = s.scrollTop;
  };
  const stay = (): void => {
    const s = scrollerOf(talk.current);
    if (!s) return;
    if (place.atEnd) s.scrollTop = s.scrollHeight;
    place.height = s.scrollHeight;
    place.top = s.scrollTop;
    place.room = roomOf(s);
  };
  useLayoutEffect(() => {
    const s = scrollerOf(talk.current);
    if (s) measure(s, place.height); // as it was before what came now
    if (place.id !== id || id === '' || sent > place.sent) place.atEnd = true;
    Object.assign(place, { id, sent });
    stay();
  }, [id, sent, ...lines]);
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
