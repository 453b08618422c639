import { type BrandConfig, strictRules } from '#contract/settings.ts';
import { readBrandConfig, writeBrandConfig } from '../store/brand-config.ts';
import type { Tx } from '../store/open.ts';

/** The demo's brand: made up, and every visitor of it is a test person (DESIGN.md 5). */
export const demoBrand = { id: 'harbor-motors', slug: 'harbor-motors', name: 'Harbor Motors' } as const;

/**
 * The write job that seeds the brand once, with the strict settings of GATE.md d; `wrappedKey` is its new data key.
 * Changes nothing after but the shop's address.
 */
export const seedBrand =
  (site: string, wrappedKey: () => string, now: Date) =>
  (tx: Tx): void => {
    const known = tx.hot('select id from brand where id = ?').get(demoBrand.id);
    if (known) {
      // The shop's port may be another one than last time.
      writeBrandConfig(tx, demoBrand.id, { ...readBrandConfig(tx, demoBrand.id), sites: [site] });
      return;
    }
    const config: BrandConfig = { ...strictRules, places: ['DK'], version: 0, sites: [site] };
    tx.hot(
      `insert into brand (id, slug, legal_name, name, address, contact, country, settings_json, wrapped_key, created_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ).run(
      demoBrand.id,
      demoBrand.slug,
      'Harbor Motors ApS',
      demoBrand.name,
      'Nordre Kaj 4, 8000 Aarhus',
      'privacy@harbor.example',
      'DK',
      JSON.stringify(config),
      wrappedKey(),
      now.toISOString(),
    );
  };
