import { type FileType, isShown } from '#contract/file.ts';
import { Clip } from './clip.tsx';
import { type FileWords, fileWords } from './file-words.ts';
import { Picture } from './picture.tsx';

/**
 * A file of the chat: a picture small, then name, size and the way to have it. Its name is a person's, so text and nothing
 * else (SECURITY.md 4.8).
 */
export const FileRow = (props: {
  file: { name: string; type: FileType; bytes: number };
  /** The bytes of a picture, as base64. */
  onPicture: () => Promise<string>;
  onFetch: () => void;
  words?: FileWords;
}) => {
  const { file, onPicture, onFetch, words = fileWords } = props;
  const { name, bytes } = file;
  return (
    <>
      {isShown(file) ? <Picture name={name} read={onPicture} /> : null}
      <p class="file-row">
        <Clip />
        <span class="file-name">{name}</span> <span class="file-size">{words.size(bytes)}</span>
        <button class="btn bare" type="button" data-act="fetch" onClick={onFetch}>
          {words.download}
          <span class="sr"> {name}</span>
        </button>
      </p>
    </>
  );
};

/** A file of one's own on its way; `part` is how much has left, 0 to 1. */
export const FileOnItsWay = (props: {
  name: string;
  bytes: number;
  part: number | undefined;
  failed: boolean;
  onCancel: () => void;
  words?: FileWords;
}) => {
  const { words = fileWords } = props;
  return (
    <p class="file-row">
      <Clip />
      <span class="file-name">{props.name}</span> <span class="file-size">{words.size(props.bytes)}</span>
      {props.failed ? null : (
        <>
          {props.part === undefined ? null : (
            <progress max={1} value={props.part} aria-label={words.sending(props.name)}>
              {Math.round(props.part * 100)} %
            </progress>
          )}
          <button class="btn bare" type="button" onClick={props.onCancel}>
            {words.cancel}
            <span class="sr"> {props.name}</span>
          </button>
        </>
      )}
    </p>
  );
};
