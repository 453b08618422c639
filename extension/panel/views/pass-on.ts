import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/**
 * Passes the keyboard on where the part that had it went away with a press or with news (UI.md 6): to what
 * is named here in the element of this ref, or the first button that is left there, else to the head of its fold. Nobody
 * who tabs begins at the top again.
 */
export function usePassOn<E extends HTMLElement>(to = 'button'): RefObject<E | null> {
  const root = useRef<E>(null);
  // Asked while drawing, when what goes away is still there.
  const held = root.current?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => {
    if (!held || document.activeElement !== document.body) return;
    const left = root.current?.querySelector<HTMLElement>(to);
    (left ?? root.current?.closest('details')?.querySelector('summary'))?.focus({ preventScroll: true });
  });
  return root;
}
