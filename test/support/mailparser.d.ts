/** What the tests read of a mail; the package brings no types. */
declare module 'mailparser' {
  interface Addresses {
    value: { address?: string; name: string }[];
    text: string;
  }
  export interface ParsedMail {
    subject?: string;
    text?: string;
    messageId?: string;
    from?: Addresses;
    to?: Addresses | Addresses[];
    headers: Map<string, unknown>;
  }
  export function simpleParser(source: NodeJS.ReadableStream): Promise<ParsedMail>;
}
