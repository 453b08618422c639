import type { Happening } from '#contract/hook.ts';

/** What an event of a partner was, and what it means here. */
export const happeningWords: Record<Happening, { name: string; means(partner: string): string }> = {
  erased: {
    name: 'Erased for good',
    means: (partner) =>
      `${partner} deleted this record for ever. Nothing was changed here: find out whether the person asked to be forgotten here too.`,
  },
  removed: {
    name: 'Deleted, and can be restored',
    means: (partner) =>
      `Somebody deleted this record at ${partner}. It can still be restored there. Nothing was changed here.`,
  },
  uninstalled: {
    name: 'askfirst was removed there',
    means: (partner) =>
      `The key was dead from then on. The connection was taken off and its key wiped; connect ${partner} again to go on.`,
  },
  unread: {
    name: 'Not understood',
    means: () => 'It was signed as it should be, and the add-on could not read it. Nothing was done.',
  },
};
