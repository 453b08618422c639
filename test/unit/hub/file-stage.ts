import type { Entry } from '#contract/chat.ts';
import type { FileLink } from '#contract/file.ts';
import type { ProblemBody } from '#contract/problem.ts';
import { uploadBody } from '../../support/files.ts';
import { type Chat, panel, type Stage } from './stage.ts';

type FileLine = Extract<Entry, { kind: 'file' }>;
type Answer = { status: number; body: { entry: FileLine } & ProblemBody };

/** Opens the file of a link, as the browser does that was given it. */
export const had = ({ action, code }: FileLink): Promise<Response> =>
  fetch(action, { method: 'POST', body: new URLSearchParams({ code }) });

/** Both sides of one chat of the stage, with files. */
export function fileHands(stage: Stage, chat: Chat) {
  const { origin } = stage.door;
  const cookie = { cookie: [...stage.maria.cookies].map(([k, v]) => `${k}=${v}`).join('; ') };
  const post = async (path: string, headers: Record<string, string>, body: Buffer): Promise<Answer> => {
    const res = await fetch(origin + path, {
      method: 'POST',
      headers: { origin, 'content-type': 'application/octet-stream', ...headers },
      body: new Uint8Array(body),
    });
    return { status: res.status, body: (await res.json()) as Answer['body'] };
  };
  return {
    stage,
    chat,
    door: stage.door,
    post,
    visitorSends: (name: string, bytes: Buffer, clientId = `f-${Math.random()}`, who = chat.ada) =>
      post('/api/chat/files', who.auth, uploadBody(clientId, name, bytes)),
    agentSends: (name: string, bytes: Buffer, clientId = `f-${Math.random()}`, conversation = chat.ada.conversation) =>
      post(
        `/api/panel/conversations/${conversation}/files`,
        { ...panel, ...cookie },
        uploadBody(clientId, name, bytes),
      ),
    visitorLink: async (file: string, who = chat.ada) =>
      (await who.say(`/api/chat/files/${file}/link`, {})) as { status: number; body: FileLink },
    agentLink: (file: string, who = stage.maria) =>
      who.json<FileLink>('POST', `/api/panel/files/${file}/link`, {}, panel),
  };
}
