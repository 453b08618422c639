import { randomBytes } from 'node:crypto';

/** A person with a browser's cookies and origin, who follows no redirect by itself. */
export interface Client {
  /** JSON call; the answer with its parsed body. */
  json<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: T }>;
  get(path: string): Promise<Response>;
  /** A form of the page at `page`, its hidden fields taken from there. */
  submit(path: string, fields: Record<string, string>): Promise<Response>;
  cookies: Map<string, string>;
}

/** The people in front of a running hub, each with a browser of their own: in this process or another one. */
export function peopleAt({ origin, shop }: { origin: string; shop: string }) {
  /** `always` goes along with every request, such as the hop a proxy names. */
  function client(from = origin, always: Record<string, string> = {}): Client {
    const cookies = new Map<string, string>();
    const headers = (): Record<string, string> => ({
      ...always,
      ...(cookies.size > 0 ? { cookie: [...cookies].map(([k, v]) => `${k}=${v}`).join('; ') } : {}),
    });
    const keep = (res: Response) => {
      for (const line of res.headers.getSetCookie()) {
        const [pair = ''] = line.split(';');
        const at = pair.indexOf('=');
        if (/max-age=0/i.test(line)) cookies.delete(pair.slice(0, at));
        else cookies.set(pair.slice(0, at), pair.slice(at + 1));
      }
      return res;
    };
    const at = (path: string) => (path.startsWith('http') ? path : origin + path);
    return {
      cookies,
      async json<T>(method: string, path: string, body?: unknown, extra: Record<string, string> = {}) {
        const res = await fetch(at(path), {
          method,
          headers: { origin: from, 'content-type': 'application/json', ...headers(), ...extra },
          ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        });
        keep(res);
        return { status: res.status, body: (await res.json().catch(() => ({}))) as T };
      },
      get: async (path) =>
        keep(await fetch(at(path), { redirect: 'manual', headers: { accept: 'text/html', ...headers() } })),
      submit: async (path, fields) =>
        keep(
          await fetch(at(path), {
            method: 'POST',
            redirect: 'manual',
            headers: {
              accept: 'text/html',
              origin: new URL(at(path)).origin,
              'sec-fetch-site': 'same-origin',
              ...headers(),
            },
            body: new URLSearchParams(fields),
          }),
        ),
    };
  }

  const csrfOf = async (c: Client) =>
    /name="csrf" value="([^"]+)"/.exec(await (await c.get('/console')).text())?.[1] ?? '';

  /** Connects a provider's sandbox by the console, as an admin would. */
  async function connect(maria: Client, provider = 'hubspot', account = '4810000'): Promise<void> {
    const begun = await maria.submit(`/console/add/${provider}`, { csrf: await csrfOf(maria) });
    const back = await allow(begun.headers.get('location') ?? '', account);
    const called = await maria.get(back);
    const confirm = /\/console\/confirm\/[\w-]+/.exec(await called.text())?.[0] ?? '';
    const done = await maria.submit(confirm, { csrf: await csrfOf(maria), answer: 'connect' });
    if (done.status !== 303) throw new Error(`connect ended with ${done.status}`);
  }

  /** Plays the person at the partner's sign-in page; returns the address of the callback. */
  async function allow(authorize: string, account = '4810000', answer = 'allow'): Promise<string> {
    const browser = client(shop);
    let next = authorize;
    for (let hop = 0; hop < 6; hop++) {
      const res = await browser.get(next);
      const location = res.headers.get('location');
      if (location?.startsWith(`${origin}/`)) return location;
      if (location) {
        next = new URL(location, next).href;
        continue;
      }
      const posted = await browser.submit(next, { account, answer });
      next = new URL(posted.headers.get('location') ?? '', next).href;
      if (next.startsWith(`${origin}/`)) return next;
    }
    throw new Error('the sandbox partner did not send the browser back');
  }

  /** A visitor with a chat: their token as a header, and the ids. */
  async function visitor(
    about: Record<string, string> = {},
    text = 'Is the blue Marlin still there?',
    always?: Record<string, string>,
  ) {
    const ada = client(origin, always);
    const token = randomBytes(32).toString('base64url');
    const { status, body } = await ada.json<{ conversation: string }>('POST', '/api/chat/start', {
      brand: 'harbor-motors',
      token,
      clientId: randomBytes(8).toString('hex'),
      text,
      ...about,
    });
    if (status !== 201) throw new Error(`start ended with ${status}: ${JSON.stringify(body)}`);
    const auth = { authorization: `Bearer ${token}` };
    return {
      ...ada,
      auth,
      conversation: body.conversation,
      say: (path: string, json: unknown) => ada.json<never>('POST', path, json, auth),
    };
  }

  return { client, csrfOf, connect, allow, visitor };
}
