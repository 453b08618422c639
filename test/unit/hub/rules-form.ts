import type { Client } from '../../support/people-at.ts';
import type { Chat, openPreferences, Stage } from './stage.ts';

type Form = Record<string, string>;

/** The form of the page Privacy rules as it stands: what a browser would send if Save were pressed at once. */
export async function rulesForm(who: Client): Promise<Form> {
  const html = await (await who.get('/console/rules')).text();
  const form = /<form[^>]*action="\/console\/rules".*?<\/form>/s.exec(html)?.[0] ?? '';
  const inputs = [...form.matchAll(/<input ([^>]*)>/g)].map(([, a = '']) => ({
    name: /name="([^"]*)"/.exec(a)?.[1] ?? '',
    value: /value="([^"]*)"/.exec(a)?.[1] ?? '',
    sent: /type="hidden"/.test(a) || /\bchecked\b/.test(a),
  }));
  return Object.fromEntries(inputs.filter((i) => i.sent).map((i) => [i.name, i.value]));
}

/** Changes what is named and presses Save; `places` replaces every box. */
export async function saveRules(
  stage: Pick<Stage, 'maria'>,
  change: Form,
  served?: readonly string[],
  form?: Form,
): Promise<Response> {
  const all = { ...(form ?? (await rulesForm(stage.maria))), ...change };
  const kept = Object.entries(all).filter(([name]) => served === undefined || !name.startsWith('place.'));
  const boxes = (served ?? []).map((p) => [`place.${p}`, 'on']);
  return stage.maria.submit('/console/rules', Object.fromEntries([...kept, ...boxes]));
}

const tokenIn = (html: string) => /name="csrf" value="([^"]+)"/.exec(html)?.[1] ?? '';

/** What the forms about no single partner do on the preference page, as a browser without script sends them. */
export const onPage = (page: Awaited<ReturnType<typeof openPreferences>>) => ({
  about: async (place: string, age: string) =>
    page.browser.submit('/privacy/harbor-motors/about', { csrf: tokenIn(await page.page()), place, age }),
  object: async (what: string, want: 'yes' | 'no') =>
    page.browser.submit('/privacy/harbor-motors/object', { csrf: tokenIn(await page.page()), what, want }),
});

/** What one rule makes of the fields of the main purpose, as `rulesIn` tells it. */
export const all = (rule: string) => ['email', 'name', 'phone'].map((f) => `${f} ${rule}`);
/** The rule that counts for each field of a chat's preview now. */
export const rulesIn = async (chat: Chat) => (await chat.preview()).body.rows.map((r) => `${r.field} ${r.rule}`).sort();
/** Yes to each of them. */
export const yesToAll = (chat: Chat) => chat.answer({ email: 'yes', name: 'yes', phone: 'yes' });
