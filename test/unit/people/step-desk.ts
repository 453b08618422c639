import type { Ended } from '../../../server/people/ended.ts';
import { appWith } from '../../support/app-codes.ts';
import { cookieOf, type Desk, openDesk } from './desk.ts';

/** A desk whose people set up second steps. */
export async function openStepDesk(options: Parameters<typeof openDesk>[0] = {}) {
  const desk = await openDesk(options);
  const { people, store } = desk;
  const waits = async (cookie: Headers) => {
    const waiting = await people.waiting(cookie);
    if (!waiting) throw new Error('nobody waits');
    return waiting;
  };
  return {
    ...desk,
    waits,
    audited: () =>
      store.read
        .hot('select act from audit order by seq')
        .all()
        .map((r) => String(r.act)),
    memberOf: (userId: string) => String(store.read.hot('select id from "member" where "userId" = ?').get(userId)?.id),
    listen: () => {
      const ended: Ended[] = [];
      people.onEnded((e) => ended.push(e));
      return ended;
    },
    /** A panel paired by this session: what it sends. */
    async pair(cookie: Headers): Promise<Headers> {
      const { code, secret } = await people.pairing.start('Chrome');
      await people.pairing.approve(code, await desk.agent(cookie));
      const polled = await people.pairing.poll(secret);
      return new Headers({ authorization: `Bearer ${polled.state === 'paired' ? polled.token : ''}` });
    },
    /** Sets one up in a fresh sign-in; the clock then stands one second into a step no code was used for. */
    async enrol(email = 'maria@harbor.example') {
      const first = await desk.signIn(email);
      const person = (await people.whoIs(first)) ?? (await waits(first));
      const uri = await people.secondStep.begin(first);
      const show = appWith(new URL(uri).searchParams.get('secret') ?? '');
      const app = () => show(desk.now());
      const { cookies, backupCodes } = await people.secondStep.confirm(person, first, await app());
      desk.push(61_000 - (desk.now() % 30_000));
      return { cookie: cookieOf(cookies), app, show, backupCodes, uri };
    },
  };
}
/** What openStepDesk returns. */
export type StepDesk = Desk & Awaited<ReturnType<typeof openStepDesk>>;
