import type { JSX } from 'preact';
import { AnsweringPage } from '../../server/web/console/answering.tsx';
import { PairEnter, PairPage, PairResult } from '../../server/web/console/pair.tsx';
import type { Frame } from '../../server/web/console/shell.tsx';
import type { pageStyles } from '../../server/web/page.tsx';
import { frame, now } from './gallery-data.ts';

/** Around the pages of somebody who answers chats alone. */
const answers: Frame = {
  brand: 'Harbor Motors',
  me: { name: 'Jens', role: 'agent' },
  operator: false,
  manages: false,
  rules: false,
  csrf: 'csrf-sample',
};

/** How an agent comes to a panel. */
export const pairingGallery: Record<string, [keyof typeof pageStyles, JSX.Element]> = {
  answering: ['console', <AnsweringPage frame={answers} hub="https://askfirst.harbor.example" />],
  'pair-enter': ['console', <PairEnter frame={frame} wrong="QWER-TYUI" />],
  pair: ['console', <PairPage frame={frame} code="WDJB-MJHT" browser="Chrome 156 on Linux" expiresAt={now} />],
  paired: ['console', <PairResult frame={frame} result="paired" browser="Chrome 156 on Linux" />],
  'paired-agent': ['console', <PairResult frame={answers} result="paired" browser="Chrome 156 on Linux" />],
};
