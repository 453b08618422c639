/** One area of a browser's storage, as far as it is used here. */
export interface Area {
  get: (keys: string | null) => Promise<Record<string, unknown>>;
  set: (items: Record<string, unknown>) => Promise<void>;
  remove: (keys: string | string[]) => Promise<void>;
}

const encode = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));
const decode = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
const keyName = 'key';

/**
 * A small value kept encrypted: AES-256-GCM under a random key that lives in `session` (memory of the browser) only, the
 * ciphertext in `local` (SECURITY.md 6, "Storage"). `context` is authenticated, so a value moved elsewhere does not open.
 */
export function secret(areas: { local: Area; session: Area }, name: string, context: () => Promise<string>) {
  async function key(): Promise<CryptoKey | undefined> {
    const raw = (await areas.session.get(keyName))[keyName];
    if (typeof raw !== 'string') return undefined;
    return crypto.subtle.importKey('raw', decode(raw), 'AES-GCM', false, ['encrypt', 'decrypt']);
  }

  async function freshKey(): Promise<CryptoKey> {
    await areas.session.set({ [keyName]: encode(crypto.getRandomValues(new Uint8Array(32))) });
    return (await key()) as CryptoKey;
  }

  const aad = async (): Promise<Uint8Array<ArrayBuffer>> =>
    new TextEncoder().encode(`askfirst ${name} ${await context()}`);

  return {
    /** The value, or undefined where there is none; a ciphertext that no longer opens is wiped. */
    async read(): Promise<unknown> {
      const kept = (await areas.local.get(name))[name] as { iv: string; bytes: string } | undefined;
      if (!kept) return undefined;
      const held = await key();
      try {
        if (!held) throw new Error('key missing');
        const algorithm = { name: 'AES-GCM', iv: decode(kept.iv), additionalData: await aad() };
        const plain = await crypto.subtle.decrypt(algorithm, held, decode(kept.bytes));
        return JSON.parse(new TextDecoder().decode(plain));
      } catch {
        await areas.local.remove(name);
        return undefined;
      }
    },
    async write(value: unknown): Promise<void> {
      const held = (await key()) ?? (await freshKey());
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const algorithm = { name: 'AES-GCM', iv, additionalData: await aad() };
      const bytes = await crypto.subtle.encrypt(algorithm, held, new TextEncoder().encode(JSON.stringify(value)));
      await areas.local.set({ [name]: { iv: encode(iv), bytes: encode(new Uint8Array(bytes)) } });
    },
  };
}
