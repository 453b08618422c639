import type { JSX } from 'preact';
import { look } from '#contract/look.ts';
import { always, showing } from '#contract/showing.ts';
import { LookPage } from '../../server/web/console/look.tsx';
import { ShowingPage } from '../../server/web/console/showing.tsx';
import { frame } from './gallery-data.ts';

const mine = { colour: '#8a1f4b', side: 'left', text: 'Ask the crew', greeting: 'Questions about a car?' } as const;
const refused = 'colour cannot be saved like this.';
const offers = [{ text: 'Shall we find you a car?', when: { ...always, starts: ['/cars'], seconds: 20 } }];

/** The pages Look and When it shows in their states. */
export const lookGallery: Record<string, ['console', JSX.Element]> = {
  look: ['console', <LookPage frame={frame} value={look.standard} version={0} />],
  'look-own': ['console', <LookPage frame={frame} value={mine} version={1} done />],
  'look-weak': [
    'console',
    <LookPage frame={frame} value={{ ...mine, colour: '#ffcc00' }} version={1} refused={refused} />,
  ],
  'look-none': ['console', <LookPage frame={frame} value={{ ...mine, colour: 'red' }} version={1} refused={refused} />],
  showing: ['console', <ShowingPage frame={frame} value={showing.standard} version={0} />],
  'showing-offer': ['console', <ShowingPage frame={frame} value={{ button: always, offers }} version={1} done />],
  'showing-refused': [
    'console',
    <ShowingPage
      frame={frame}
      value={{ button: { ...always, starts: ['cars'] }, offers }}
      version={1}
      refused="button.starts.0 cannot be saved like this."
    />,
  ],
};
