/** What the hub hands the frame with its page; everything the app knows before the first call. */
export interface Page {
  brand: { slug: string; name: string };
  /** Origins on which the widget may stand, exact (`https://shop.example`). */
  sites: string[];
  /** What the brand does with what is typed, one or two sentences; "Nothing leaves unless you say yes." is added. */
  notice: string;
  /** Sign-ins the visitor may fill in the form from (R21). */
  logins: { integration: string; name: string; sandbox: boolean }[];
  /** Files may be sent: the hub has a host of their own for them. */
  files?: true;
  /** Language of the page the widget stands on (BCP 47 primary subtag), where that page says it. */
  lang?: string;
}
