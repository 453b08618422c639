import { json, openRecorder } from '../../support/recorder.ts';
import { openChat, openStage } from './stage.ts';

/** Ways in which a record can be damaged behind the hub's back, as SQL. */
export const damage: Record<string, string[]> = {
  'the manifest is gone': ["update integration set manifest_hash = 'gone'"],
  'the manifest is no JSON': ['drop trigger manifest_no_update', "update manifest set body_json = '{'"],
  "the person's key is gone": ['delete from subject_key'],
  'the terms of the yes are no JSON': [
    'drop trigger consent_event_no_update',
    "update consent_event set terms_json = '{'",
  ],
  'a value was changed': [
    "update value set value_enc = substr(value_enc, 1, length(value_enc) - 4) || 'AAAA' where field = 'email'",
  ],
  'the settings hold a word nobody knows': [
    `update brand set settings_json = replace(settings_json, '"DK"', '"maybe"')`,
  ],
};

/** A chat whose records the test damages: Ada said yes to e-mail and name, and time moves when the test says so. */
export async function openDamaged() {
  let clock = Date.now();
  const stage = await openStage({ recorder: await openRecorder(), now: () => new Date(clock) });
  const chat = await openChat(stage);
  await chat.answer({ email: 'yes', name: 'yes' });
  return {
    stage,
    chat,
    sql: (...statements: string[]) =>
      stage.door.store.write((tx) => {
        for (const s of statements) tx.exec(s);
      }),
    /** A share that waits in the queue: the partner was busy. */
    async queued() {
      stage.recorder.answer((_, res) => json(res, 429, {}, { 'retry-after': '5' }));
      await chat.send();
      stage.recorder.answer(() => false);
      stage.recorder.calls.length = 0;
    },
    /** Its time has come, and it has run. */
    async due() {
      clock += 6_000;
      stage.door.hub.deps.runner.wake();
      await stage.door.hub.deps.runner.idle();
    },
  };
}
/** What openDamaged returns. */
export type Damaged = Awaited<ReturnType<typeof openDamaged>>;
