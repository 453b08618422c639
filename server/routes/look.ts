import { type Look, look } from '#contract/look.ts';
import { problem } from '#contract/problem.ts';
import { readHex } from '#contract/shade.ts';
import { LookPage } from '../web/console/look.tsx';
import { paths } from '../web/console/paths.ts';

const known = ['colour', 'side', 'text', 'greeting', 'use'];

/** The console's page Look; `use` is the shade that was offered in place of one nobody could read. */
export const lookPage = {
  path: paths.look,
  title: 'Look',
  of: look,
  parse(form: Record<string, string>): Look {
    if (Object.keys(form).some((name) => !known.includes(name))) problem('bad-input', 'There is no such field.');
    const { side = 'right', text = '', greeting = '', use } = form;
    const colour = (use ?? form.colour ?? '').trim();
    // What cannot be read goes back as it was typed; what the group does not allow is refused there.
    return {
      colour: readHex(colour) ?? colour,
      side: side as Look['side'],
      text: text.trim(),
      greeting: greeting.trim(),
    };
  },
  page: LookPage,
};
