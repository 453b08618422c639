import { type BrandConfig, brandConfig } from '#contract/settings.ts';
import type { Tx } from './open.ts';
import { onceByText } from './parsed.ts';

type Read = Pick<Tx, 'hot'>;

const checked = onceByText((text): BrandConfig => {
  const found = brandConfig.safeParse(JSON.parse(text));
  // The schema's error would quote what it found; the place alone says enough.
  if (!found.success)
    throw new Error(`the settings of a brand cannot be read: ${found.error.issues[0]?.path.join('.')}`);
  return found.data;
});

/** A brand's settings; throws where they are missing, no JSON or not of their type, and the gate then denies (R16). */
export function readBrandConfig(read: Read, brandId: string): BrandConfig {
  const text = read.hot('select settings_json from brand where id = ?').get(brandId)?.settings_json as string;
  return checked(text);
}

/** The settings, or undefined where they cannot be read: for pages that must go on while nothing leaves (R16, R35). */
export function brandConfigOrNone(read: Read, brandId: string): BrandConfig | undefined {
  try {
    return readBrandConfig(read, brandId);
  } catch {
    return undefined;
  }
}

/** Replaces the settings of a brand. */
export const writeBrandConfig = (tx: Tx, brandId: string, config: BrandConfig): void =>
  tx.hot('update brand set settings_json = ? where id = ?').run(JSON.stringify(config), brandId);
