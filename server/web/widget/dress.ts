import type { ActColours, Hex } from '#contract/shade.ts';

const hex = (value: unknown): value is Hex => typeof value === 'string' && /^#[\da-f]{6}$/.test(value);

/** A brand's colours as declarations, one `light-dark()` pair each; empty where one of them is no colour. */
export function colourStyle(
  colours: Record<'light' | 'dark', ActColours> | undefined,
  names: Record<keyof ActColours, string>,
): string {
  const pairs = (['act', 'over', 'on'] as const).map((key) => [
    names[key],
    colours?.light?.[key],
    colours?.dark?.[key],
  ]);
  if (pairs.some(([, light, dark]) => !hex(light) || !hex(dark))) return '';
  return pairs.map(([name, light, dark]) => `${name}: light-dark(${light}, ${dark})`).join('; ');
}

/** Adds a sheet: a constructed one needs no 'unsafe-inline' in anybody's policy. */
export function addStyle(root: DocumentOrShadowRoot, style: string): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}
