import type { JSX } from 'preact';
import { FileOnItsWay, FileRow } from '../../../extension/panel/kit/file-row.tsx';
import type { EntryOf, Sending } from './log.ts';
import type { Chat } from './session.ts';
import { words } from './words.ts';

/** A file of the chat, as it stands in the log. */
export const FileMessage = ({ chat, entry }: { chat: Chat; entry: EntryOf<'file'> }): JSX.Element => (
  <div class={entry.author === 'visitor' ? 'msg mine' : 'msg'}>
    <FileRow
      file={entry}
      onPicture={() => chat.picture(entry.file)}
      onFetch={() => void chat.fetchFile(entry.file)}
      words={words.files}
    />
  </div>
);

/** One of the visitor's own that the hub has not got yet. */
export const FileSending = (props: {
  chat: Chat;
  message: Sending;
  file: NonNullable<Sending['file']>;
}): JSX.Element => (
  <div class="msg mine pending">
    <FileOnItsWay
      {...props.file}
      part={props.file.part}
      failed={props.message.failed !== undefined}
      words={words.files}
      onCancel={() => props.chat.remove(props.message)}
    />
  </div>
);
