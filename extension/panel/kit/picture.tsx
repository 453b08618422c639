import { useEffect, useRef, useState } from 'preact/hooks';

/** A picture is read once it is about as near as this to what is seen. */
const near = '200px';

/** The bytes behind a text of base64. */
const bytesOf = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

/** Draws a picture as large as fits into the box that stands for it already. */
async function drawInto(canvas: HTMLCanvasElement, bytes: string): Promise<void> {
  const picture = await createImageBitmap(new Blob([bytesOf(bytes)]));
  const { clientWidth, clientHeight } = canvas;
  const fit = Math.min(1, clientWidth / picture.width, clientHeight / picture.height);
  const sharp = Math.min(1, fit * devicePixelRatio);
  canvas.width = Math.max(1, Math.round(picture.width * sharp));
  canvas.height = Math.max(1, Math.round(picture.height * sharp));
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
}

/**
 * A small picture of a file, above its row (R62). It is drawn from bytes the script reads, so that no page has to allow
 * pictures from anywhere (SECURITY.md 4.8); its box has one size from the start, so that nothing moves when it comes. One
 * that cannot be read or drawn leaves the row alone.
 */
export function Picture({ name, read }: { name: string; read: () => Promise<string> }) {
  const box = useRef<HTMLCanvasElement>(null);
  const [broken, setBroken] = useState(false);
  useEffect(() => {
    const canvas = box.current;
    if (!canvas) return;
    let gone = false;
    const draw = async (): Promise<void> => {
      try {
        const bytes = await read();
        if (!gone) await drawInto(canvas, bytes);
      } catch {
        if (!gone) setBroken(true);
      }
    };
    const eyes = new IntersectionObserver(
      (seen) => {
        if (!seen.some((one) => one.isIntersecting)) return;
        eyes.disconnect();
        void draw();
      },
      { rootMargin: near },
    );
    eyes.observe(canvas);
    return () => {
      gone = true;
      eyes.disconnect();
    };
  }, []);
  return broken ? null : <canvas class="picture" role="img" aria-label={name} ref={box} />;
}
