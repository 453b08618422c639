import { sizeWords } from '#contract/file.ts';
import { Clip } from './clip.tsx';

/** A file of the chat: name, size and the way to have it. Its name is a person's, so text and nothing else (SECURITY.md 4.8). */
export const FileRow = ({ name, bytes, onFetch }: { name: string; bytes: number; onFetch: () => void }) => (
  <p class="file-row">
    <Clip />
    <span class="file-name">{name}</span> <span class="file-size">{sizeWords(bytes)}</span>
    <button class="btn bare" type="button" data-act="fetch" onClick={onFetch}>
      Download<span class="sr"> {name}</span>
    </button>
  </p>
);

/** A file of one's own on its way; `part` is how much has left, 0 to 1. */
export const FileOnItsWay = (props: {
  name: string;
  bytes: number;
  part: number | undefined;
  failed: boolean;
  onCancel: () => void;
}) => (
  <p class="file-row">
    <Clip />
    <span class="file-name">{props.name}</span> <span class="file-size">{sizeWords(props.bytes)}</span>
    {props.failed ? null : (
      <>
        {props.part === undefined ? null : (
          <progress max={1} value={props.part} aria-label={`Sending ${props.name}`}>
            {Math.round(props.part * 100)} %
          </progress>
        )}
        <button class="btn bare" type="button" onClick={props.onCancel}>
          Cancel<span class="sr"> {props.name}</span>
        </button>
      </>
    )}
  </p>
);
