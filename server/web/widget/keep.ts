import type { Sending } from './log.ts';

/** What a visitor typed into the form before the first message. */
export interface Begin {
  clientId: string;
  /** The visitor's token from the first message on; made here, so that a repeat can prove whose chat it is. */
  token: string;
  text: string;
  name: string;
  email: string;
  phone: string;
  /** The answer to the notice before recording; absent where none was given. */
  recorded?: boolean;
  /** The secret of a sign-in that filled in some of it. */
  login?: string;
}

/** What the frame keeps in this browser, and only from the first message on (R57). */
export interface Keep {
  token(): string | undefined;
  saveToken(token: string): void;
  /** The first message while it is not acknowledged, so that a reload neither loses nor doubles it. */
  begun(): Begin | undefined;
  saveBegun(begin: Begin | undefined): void;
  outbox(): Sending[];
  saveSending(message: Sending): void;
  dropSending(clientId: string): void;
  /** The page had somebody signed in here: without that it is somebody else (GATE.md k.11). */
  signedIn(): boolean;
  saveSignedIn(on: boolean): void;
  /** The question after this chat was put aside here (R59). */
  skipped(): boolean;
  saveSkipped(): void;
  /** Forgets everything of this brand. */
  forget(): void;
}

/**
 * A Keep over a web storage, one key per unsent message so that two tabs cannot overwrite each other. Where the browser
 * blocks storage, reading the property itself throws: then nothing is kept and the chat works until the page is left.
 */
export function createKeep(storage: () => Storage, brand: string): Keep {
  const prefix = `askfirst/${brand}/`;
  const quiet = <T>(act: (s: Storage) => T): T | undefined => {
    try {
      return act(storage());
    } catch {
      return undefined;
    }
  };
  const read = <T>(name: string) =>
    quiet((s) => JSON.parse(s.getItem(prefix + name) ?? 'null') as T | null) ?? undefined;
  const write = (name: string, value: unknown) => quiet((s) => s.setItem(prefix + name, JSON.stringify(value)));
  const drop = (name: string) => quiet((s) => s.removeItem(prefix + name));
  /** Beside the storage, for browsers that refuse it: the sign-out counts there too. */
  let signedIn = false;
  const names = () => quiet((s) => Object.keys(s).filter((key) => key.startsWith(prefix))) ?? [];
  return {
    token: () => read<string>('token'),
    saveToken: (token) => void write('token', token),
    begun: () => read<Begin>('begun'),
    saveBegun: (begin) => void (begin ? write('begun', begin) : drop('begun')),
    outbox: () =>
      names()
        .filter((key) => key.startsWith(`${prefix}out/`))
        .flatMap((key) => read<Sending>(key.slice(prefix.length)) ?? [])
        .sort((a, b) => a.at.localeCompare(b.at)),
    saveSending: (message) => void write(`out/${message.clientId}`, message),
    dropSending: (clientId) => void drop(`out/${clientId}`),
    signedIn: () => signedIn || (read<true>('signed-in') ?? false),
    saveSignedIn(on) {
      signedIn = on;
      on ? write('signed-in', true) : drop('signed-in');
    },
    skipped: () => read<true>('skipped') ?? false,
    saveSkipped: () => void write('skipped', true),
    forget: () => {
      signedIn = false;
      for (const key of names()) drop(key.slice(prefix.length));
    },
  };
}
