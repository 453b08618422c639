/** A message that is nothing but one word, and what it asks for (R45). */
export type Keyword = 'stop' | 'start' | 'help';

/** Every word that asks to stop (GATE.md h, "SMS"): a closed list, so the one that was written may stand in a line. */
export const stopWords = ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPT OUT'] as const;
/** One of them. */
export type StopWord = (typeof stopWords)[number];
