import type { JSX } from 'preact';
import { encode } from 'uqr';

/** A QR code as one path, dark on light in every theme: cameras read no other. `label` is what readers hear. */
export function Qr({ text, label }: { text: string; label: string }): JSX.Element {
  // Four modules of quiet around it (ISO/IEC 18004).
  const { data, size } = encode(text, { ecc: 'M', border: 4 });
  const dark = data.flatMap((row, y) => row.flatMap((on, x) => (on ? `M${x} ${y}h1v1h-1z` : [])));
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <path fill="#fff" d={`M0 0h${size}v${size}h-${size}z`} />
      <path fill="#000" d={dark.join('')} />
    </svg>
  );
}
