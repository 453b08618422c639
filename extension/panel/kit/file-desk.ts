import type { Entry } from '#contract/chat.ts';
import { type HubClient, HubError } from '#contract/client.ts';
import type { FileLink } from '#contract/file.ts';
import type { ProblemBody } from '#contract/problem.ts';

/** Milliseconds after which an upload counts as unanswered; the hub gives up on one as late. */
const patience = 300_000;

interface Watch {
  /** Told how much has left, 0 to 1. */
  onPart: (part: number) => void;
  signal: AbortSignal;
}

/** A line of JSON, then the bytes. An XMLHttpRequest, since no browser tells how far a fetch has come. */
const post = (to: Awaited<ReturnType<HubClient['to']>>, body: Blob, watch: Watch): Promise<{ entry: Entry }> =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', to.address);
    request.responseType = 'json';
    request.timeout = patience;
    for (const [name, value] of Object.entries(to.headers)) request.setRequestHeader(name, value);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.upload.onprogress = (e) => e.lengthComputable && watch.onPart(e.loaded / e.total);
    request.onload = () =>
      request.status < 300
        ? resolve(request.response as { entry: Entry })
        : reject(new HubError(request.status, (request.response as ProblemBody | null) ?? undefined));
    const silent = () => reject(new HubError(0));
    request.onerror = silent;
    request.ontimeout = silent;
    request.onabort = silent;
    watch.signal.addEventListener('abort', () => request.abort());
    if (watch.signal.aborted) silent();
    else request.send(body);
  });

/**
 * The browser saves it: the code is posted by a form into a tab of its own, which a download closes again, and stands in
 * no address (HO7). Guess: the answer is there while the press still counts, else the browser holds the tab back.
 */
function save({ action, code }: FileLink): void {
  const form = document.createElement('form');
  Object.assign(form, { method: 'post', action, target: '_blank', hidden: true });
  form.setAttribute('rel', 'noopener');
  const field = document.createElement('input');
  Object.assign(field, { type: 'hidden', name: 'code', value: code });
  form.append(field);
  document.body.append(form);
  form.submit();
  form.remove();
}

/** The calls of one side: the visitor's frame, or the agent's panel. */
type Side =
  | { send: 'chatFile'; link: 'chatFileLink'; picture: 'chatFilePicture' }
  | { send: 'panelFile'; link: 'panelFileLink'; picture: 'panelFilePicture' };

/**
 * Files on their way out and in, of widget and panel alike (R62). They are held in memory alone: what was not sent when
 * the page is left is gone, as a page cannot keep a file.
 */
export function fileDesk(client: HubClient, { send, link, picture }: Side) {
  const held = new Map<string, { file: File; stop: AbortController }>();
  return {
    hold: (clientId: string, file: File): void => void held.set(clientId, { file, stop: new AbortController() }),
    /** Sends what is held under this id, again and again under the same one until the hub has it. Rejects with HubError. */
    async send(clientId: string, conversation: string, onPart: Watch['onPart']): Promise<Entry> {
      const one = held.get(clientId);
      if (!one) throw new HubError(0);
      const head = JSON.stringify({ clientId, name: one.file.name });
      const body = new Blob([`${head}\n`, one.file]);
      const watch = { onPart, signal: one.stop.signal };
      const to = await client.to(send, conversation);
      const renewed = async (error: unknown) => {
        const again = (error as HubError).status === 401 ? await client.to(send, conversation) : to;
        // a token that was traded meanwhile, by another window
        if (again.headers.authorization === to.headers.authorization) throw error;
        return post(again, body, watch);
      };
      const { entry } = await post(to, body, watch).catch(renewed);
      held.delete(clientId);
      return entry;
    },
    /** Cancels it, or forgets what was refused. */
    drop(clientId: string): void {
      held.get(clientId)?.stop.abort();
      held.delete(clientId);
    },
    /** Forgets all of them: nothing of this chat is kept any more. */
    clear(): void {
      for (const { stop } of held.values()) stop.abort();
      held.clear();
    },
    /** The bytes of a picture of the chat, as base64. Rejects with HubError. */
    picture: async (file: string): Promise<string> => (await client.call(picture, {}, file)).base64,
    /** Has a file of the chat saved by the browser. Rejects with HubError. */
    fetch: async (file: string): Promise<void> => save(await client.call(link, {}, file)),
  };
}
