import { afterEach } from 'vitest';
import type { ConversationView, Entry, Preview, Question } from '#contract/chat.ts';
import type { ProblemBody } from '#contract/problem.ts';
import { type DoorOptions, type FrontDoor, frontDoor } from '../../support/front-door.ts';
import { openRecorder, type Recorder } from '../../support/recorder.ts';

/** Main purpose of the HubSpot adapter: e-mail (needed), name, phone. */
export const crm = 'CustomerRelationshipManagement';
/** The transcript's purpose. */
export const care = 'CustomerCare';
/** What a cookie call of the panel page carries. */
export const panel = { 'x-askfirst': '1' };
/** What Ada types into the widget. */
export const about = { name: 'Ada Brandt', email: 'ada@brandt.example', phone: '+45 20 55 04 18' };

/** One line about a share. */
export type ShareLine = Extract<Entry, { kind: 'share' }>;

/** A hub; Maria signed in, HubSpot connected. */
export async function setStage(options: DoorOptions) {
  const door = await frontDoor(options);
  const maria = await door.owner();
  await door.connect(maria);
  return { door, maria, integration: door.integration() };
}

/** A hub with a recorder before its partner; Maria signed in, HubSpot connected. */
export async function openStage(options: DoorOptions & { recorder?: Recorder } = {}) {
  const recorder = options.recorder ?? (await openRecorder());
  const set = await setStage({ ...options, recorder });
  recorder.tokenCalls.length = 0;
  return {
    ...set,
    recorder,
    async close() {
      await set.door.close();
      await recorder.close();
    },
  };
}
/** Stages for the tests of one file: after each test its own are closed, and what it put on `ends`, the last first. */
export function stagesOfTests() {
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).toReversed()) await end();
  });
  return {
    ends,
    async stageOf(options: Parameters<typeof openStage>[0] = {}): Promise<Stage> {
      const stage = await openStage(options);
      ends.push(() => stage.close());
      return stage;
    },
  };
}
/** What setStage returns. */
export type Setting = Awaited<ReturnType<typeof setStage>>;
/** What openStage returns. */
export type Stage = Awaited<ReturnType<typeof openStage>>;

/** Ada in a chat, and what the agent does to it. */
export async function openChat(
  stage: Setting,
  values: Record<string, string> = about,
  text?: string,
  always?: Record<string, string>,
) {
  const { door, maria, integration } = stage;
  const ada = await door.visitor(values, text, always);
  const of = <T>(what: string, body?: unknown) =>
    maria.json<T>(
      body === undefined ? 'GET' : 'POST',
      `/api/panel/conversations/${ada.conversation}${what}`,
      body,
      panel,
    );
  let presses = 0;
  const question = async (purpose = crm) =>
    (await ada.say('/api/chat/question', { integration, purpose })) as unknown as { status: number; body: Question };
  return {
    ada,
    question,
    /** The visitor's answer to a freshly served question. */
    async answer(answers: Record<string, 'yes' | 'no'>, purpose = crm) {
      const { body } = await question(purpose);
      return (await ada.say('/api/chat/answer', { nonce: body.nonce, answers })) as unknown as {
        status: number;
        body: { entry: Entry; receipt?: string } & ProblemBody;
      };
    },
    ask: (purpose = crm) => of<{ entry: Entry } & ProblemBody>('/ask', { integration, purpose }),
    preview: (purpose = crm) => of<Preview>('/preview', { integration, purpose }),
    view: async () => (await of<ConversationView>('')).body,
    /** Presses Send; resolves when it is queued. */
    press: (purpose = crm, clientId = `press-${++presses}`) =>
      of<{ share: string; entry: ShareLine } & ProblemBody>('/shares', { integration, purpose, clientId }),
    /** Presses Send and waits until nothing runs. */
    async send(purpose = crm) {
      const pressed = await this.press(purpose);
      await door.hub.deps.runner.idle();
      return pressed;
    },
    async lastShare(): Promise<ShareLine | undefined> {
      const { entries } = (await of<ConversationView>('')).body;
      return entries.findLast((e) => e.kind === 'share');
    },
    message: (words: string, clientId = `m-${++presses}`) => ada.say('/api/chat/messages', { clientId, text: words }),
  };
}
/** What openChat returns. */
export type Chat = Awaited<ReturnType<typeof openChat>>;

/** How many rows a table holds. */
export const count = (door: FrontDoor, table: string, where = '1 = 1'): number =>
  door.store.read.hot(`select count(*) as n from ${table} where ${where}`).get()?.n as number;

/** Every stored thing that a refused request must leave alone. */
export const stored = (door: FrontDoor) =>
  Object.fromEntries(
    [
      'subject',
      'value',
      'conversation',
      'entry',
      'consent_event',
      'share',
      'decision',
      'disclosure',
      'ledger_leaf',
      'receipt',
      'integration',
      'vault',
      'preference_session',
    ].map((table) => [table, count(door, table)]),
  );

/** Waits for a condition, looking again at each turn; fails loudly after `ms`. */
export async function until(what: string, ready: () => boolean | Promise<boolean>, ms = 8_000): Promise<void> {
  const end = performance.now() + ms;
  while (!(await ready())) {
    if (performance.now() > end) throw new Error(`never: ${what}`);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

/** A gate a test opens: `held` resolves when somebody waits there. */
export function turnstile() {
  let open: () => void = () => {};
  let arrive: () => void = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const held = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  return {
    held,
    open: () => open(),
    async wait() {
      arrive();
      await gate;
    },
  };
}

/** The preference page in a browser that came from this chat. */
export async function openPreferences({ door, integration }: Setting, chat: Chat) {
  const { code, action } = (
    (await chat.ada.say('/api/chat/my-data', {})) as unknown as {
      body: { code: string; action: string };
    }
  ).body;
  const browser = door.client();
  await browser.submit(action, { code });
  const path = '/privacy/harbor-motors';
  const page = async () => (await browser.get(path)).text();
  return {
    browser,
    page,
    /** Presses the main switch of HubSpot, or the one of another purpose, as a form without script does. */
    async choose(want: 'yes' | 'no', purpose = want === 'no' ? 'all' : crm) {
      const html = await page();
      const form = [...html.matchAll(/<form.*?<\/form>/gs)]
        .map(([f]) => f)
        .find((f) => f.includes(`value="${purpose}"`));
      const nonce = /name="nonce" value="([^"]*)"/.exec(form ?? '')?.[1] ?? '';
      const res = await browser.submit(`${path}/choose`, { integration, purpose, want, nonce });
      return { status: res.status, html: await res.text() };
    },
  };
}
