import { type HubClient, HubError } from '#contract/client.ts';
import type { After } from './follow.ts';
import type { Page } from './page.ts';
import type { Cell } from './state.ts';
import { plain, words } from './words.ts';

/** Milliseconds between two looks for what the visitor picked in the other tab, and how often at most (ten minutes). */
const every = 2_000;
const most = 300;

/** Fills in the form from an account of the visitor's own, in another tab (R21); what was typed stays unless picked. */
export function loginOf(cell: Cell, around: { page: Page; client: HubClient; newToken: () => string; after: After }) {
  const { client } = around;
  /** The newest sign-in's secret: an older one that still runs is not looked at any more. */
  let pick = '';

  async function look(mine: string, left: number): Promise<void> {
    if (mine !== pick || cell.get().phase !== 'form') return;
    const found = await client.call('chatLoginResult', { pick }).catch(() => ({ state: 'waiting' }) as const);
    if (mine !== pick) return;
    if (found.state === 'waiting' && left > 0) return void around.after(every, () => void look(mine, left - 1));
    if (found.state !== 'here') return cell.set({ filling: undefined });
    const { partner, sandbox, values, own } = found;
    const { form } = cell.get();
    const came = Object.fromEntries(Object.entries(values).filter(([field]) => !own.includes(field as never)));
    cell.set({
      filling: undefined,
      came: { pick, from: words.from(partner, sandbox), values: came },
      form: { ...form, values: { ...form.values, ...values } },
      said: words.filled(partner),
    });
  }

  return {
    /** A code for the other tab; undefined, with `trouble` set, where the hub gave none. */
    async begin(integration: string): Promise<{ code: string; action: string } | undefined> {
      const offer = around.page.logins.find((one) => one.integration === integration);
      const mine = around.newToken();
      pick = mine;
      cell.set({ trouble: undefined });
      try {
        const given = await client.call('chatLogin', { brand: around.page.brand.slug, integration, pick });
        cell.set({ filling: offer?.name });
        around.after(every, () => void look(mine, most));
        return given;
      } catch (error) {
        cell.set({ trouble: plain(error instanceof HubError ? error.status : 0), filling: undefined });
      }
    },
    /** Keeps what is typed, so that a value from elsewhere can stand beside it. */
    typed(field: string, value: string): void {
      const { form } = cell.get();
      if (field in form.values) cell.set({ form: { ...form, values: { ...form.values, [field]: value } } });
    },
  };
}
