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
    how: 'Open the panel, pair it with the code it shows, pick Ada’s chat and answer. The shop shows it at once.',
    link: 'Open the panel',
  },
  connected: {
    title: 'An admin connects HubSpot',
    how: 'Read the data sheet first, sign in at the sandbox HubSpot, then confirm account and brand.',
    link: 'Connect HubSpot',
  },
  decided: {
    title: 'The chat asks Ada',
    how: 'In the panel, press Send to HubSpot: nothing may leave yet. Press Ask. In the shop, say yes to e-mail and no to phone.',
    link: 'Answer in the shop',
  },
  sent: {
    title: 'The agent sends',
    how: 'Press Send to HubSpot again: the e-mail leaves, the phone stays. A ledger row is written before the first byte.',
    link: 'Send from the panel',
  },
  withdrew: {
    title: 'Ada takes the yes back',
    how: 'Turn HubSpot off on Ada’s own page. From then on nothing leaves, also nothing that was waiting.',
    link: 'Open Ada’s page',
  },
};
