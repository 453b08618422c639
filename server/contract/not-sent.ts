import type { Field } from './visitor.ts';

/** A send that nobody tries again by itself (R12); no value of a person is in it. */
export interface NotSent {
  id: string;
  /** Tries made so far; goes back with a press, so that what was seen is what is pressed on. */
  attempts: number;
  partner: string;
  sandbox: boolean;
  /** False where the partner is disconnected: the gate would withhold it. */
  connected: boolean;
  /** Number of its chat. */
  chat: number;
  /** What might have left when somebody pressed Send. */
  fields: Field[];
  /** One plain sentence. */
  cause: string;
  /** When somebody pressed Send, ISO 8601. */
  at: string;
  /** No answer came: the partner may have it. */
  unsure: boolean;
  /** A byte may have left and the add-on cannot promise that a repetition changes nothing. */
  twice: boolean;
}
