import { type FileRefusal, fileRefusals, sizeWords } from '#contract/file.ts';

/** What is said around files; the widget says it in the page's language. */
export interface FileWords {
  attach: string;
  toSend: string;
  remove: string;
  download: string;
  cancel: string;
  sending: (name: string) => string;
  unreadable: string;
  refusals: Readonly<Record<FileRefusal, string>>;
  size: (bytes: number) => string;
}

/** The same in English. */
export const fileWords: FileWords = {
  attach: 'Attach a file',
  toSend: 'Files to send',
  remove: 'Remove',
  download: 'Download',
  cancel: 'Cancel',
  sending: (name) => `Sending ${name}`,
  unreadable: 'This file could not be read.',
  refusals: fileRefusals,
  size: sizeWords,
};
