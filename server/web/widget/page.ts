import type { ChatForm } from '#contract/chat-form.ts';
import type { ActColours } from '#contract/shade.ts';
import type { Survey } from '#contract/survey.ts';

/** What the hub hands the frame with its page; everything the app knows before the first call. */
export interface Page {
  brand: { slug: string; name: string };
  /** Origins on which the widget may stand, exact (`https://shop.example`). */
  sites: string[];
  /** What the brand does with what is typed, one or two sentences; "Nothing leaves unless you say yes." is added. */
  notice: string;
  /** Sign-ins the visitor may fill in the form from (R21). */
  logins: { integration: string; name: string; sandbox: boolean }[];
  /** Nobody answers just now: when somebody does, where that is known (ISO 8601), and how an address is asked for (R62). */
  away?: { next?: string; email: 'optional' | 'needed' };
  /** The brand's own acting colours, where it has any. */
  colours?: Record<'light' | 'dark', ActColours>;
  /** What the brand asks before a chat; absent asks for all, and needs nothing (R58). */
  form?: ChatForm;
  /** What the brand would do with a recorded chat; absent where none is (R63). */
  recording?: string;
  /** What is asked after a chat; absent where nothing is (R59). */
  survey?: Pick<Survey, 'question' | 'comment'>;
  /** Files may be sent: the hub has a host of their own for them. */
  files?: true;
  /** Language of the page the widget stands on (BCP 47 primary subtag), where that page says it. */
  lang?: string;
}
