/** The seven steps, in the order in which the story is told. */
export const stepOrder = ['opened', 'wrote', 'answered', 'connected', 'decided', 'sent', 'withdrew'] as const;
/** One step of the story. */
export type StepId = (typeof stepOrder)[number];

/** What each step is called, how to make it happen, and the words of its link. */
export const storySteps: Record<StepId, { title: string; how: string; link: string }> = {
  opened: {
    title: 'Ada opens the shop',
    how: 'A page with a chat button. No cookie, nothing stored, no call to anybody.',
    link: 'Open the shop',
  },
  wrote: {
    title: 'Ada writes',
    how: 'Open the chat in the shop and ask something. Name, e-mail and phone are optional: give the e-mail and the phone.',
    link: 'Write in the shop',
  },
  answered: {
    title: 'An agent answers',
    how: 'Sign in with the link that the terminal printed beside this page’s address. Then open the panel, pick Ada’s chat and answer; the shop shows it at once. The extension’s panel first shows a code to compare.',
    link: 'Open the panel',
  },
  connected: {
    title: 'An admin connects HubSpot',
    how: 'Read the data sheet first, sign in at the sandbox HubSpot, then confirm account and brand.',
    link: 'Connect HubSpot',
  },
  decided: {
    title: 'The chat asks Ada',
    how: 'In the panel, press Send to HubSpot: nothing may leave yet. Press Ask in the chat. Then go back to the shop: say yes to e-mail and no to phone there.',
    link: 'Ask from the panel',
  },
  sent: {
    title: 'The agent sends',
    how: 'Press Send to HubSpot again: the e-mail leaves, the phone stays. A ledger row is written before the first byte.',
    link: 'Send from the panel',
  },
  withdrew: {
    title: 'Ada takes the yes back',
    how: 'In the shop’s chat, open My data at Harbor Motors and turn HubSpot off. From then on nothing leaves, also nothing that was waiting.',
    link: 'Back to the shop',
  },
};
