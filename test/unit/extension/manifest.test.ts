import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import config from '../../../wxt.config.ts';

type Manifest = Record<string, unknown>;
/** The manifest as declared, before WXT adds entrypoints and icons; the built one is looked at in test/e2e. */
const declared = (browser: string, mode = 'production'): Manifest => {
  const make = config.manifest as (env: { browser: string; mode: string }) => Manifest;
  return make({ browser, mode });
};

describe('the declared manifest', () => {
  it.each(['chrome', 'firefox'])('sec-E01 R77 %s: storage and alarms, no host, no script in pages', (browser) => {
    const manifest = declared(browser);
    expect(manifest.permissions).toEqual(['storage', 'alarms']);
    expect(manifest.optional_permissions).toEqual(['notifications']); // asked for by a click, never at install
    // Asked for one site at a time, by a press in the panel (R78); `tabs` and `scripting` are not needed for it.
    expect(manifest.optional_host_permissions).toEqual(['https://*/*', 'http://127.0.0.1/*']);
    for (const absent of ['host_permissions', 'externally_connectable', 'web_accessible_resources', 'content_scripts'])
      expect(manifest).not.toHaveProperty(absent);
    expect(manifest.content_security_policy).toEqual({
      extension_pages:
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src https: http://localhost:* http://127.0.0.1:*; img-src 'self' blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    });
  });

  it('sec-E01 R77 Firefox: data types are declared, and nothing but what is sent', () => {
    expect(declared('firefox').browser_specific_settings).toMatchObject({
      gecko: {
        strict_min_version: '142.0',
        data_collection_permissions: {
          required: ['authenticationInfo', 'personalCommunications', 'personallyIdentifyingInfo'],
        },
      },
    });
  });

  it('sec-E01 R77 an organisation may set the hub’s address by policy, and nothing else', () => {
    expect(declared('chrome').storage).toEqual({ managed_schema: 'managed-schema.json' }); // gives no warning
    expect(declared('firefox')).not.toHaveProperty('storage'); // Firefox needs no declaration
    const schema = JSON.parse(readFileSync('extension/public/managed-schema.json', 'utf8')) as Record<string, object>;
    expect(Object.keys(schema).sort()).toEqual(['properties', 'type']); // Chrome allows no more at the top
    expect(schema.properties).toEqual({ hub: expect.objectContaining({ type: 'string' }) });
  });

  it('R77 an update adds no warning: what is asked at install is of the last release, or of what no browser warns of', () => {
    // Chrome's list of permissions without a warning and Firefox's, as far as this product may ever want one of them.
    const silent = ['storage', 'alarms', 'sidePanel', 'idle', 'activeTab', 'contextMenus'];
    for (const browser of ['chrome', 'firefox']) {
      const { permissions, host_permissions = [], content_scripts = [] } = declared(browser);
      expect((permissions as string[]).filter((name) => !silent.includes(name))).toEqual([]);
      expect([host_permissions, content_scripts]).toEqual([[], []]);
    }
  });

  it('grants a host in the test build only', () => {
    expect(declared('chrome', 'e2e').host_permissions).toEqual(['http://localhost/*']);
  });
});
