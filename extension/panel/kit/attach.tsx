import type { JSX, TargetedClipboardEvent, TargetedDragEvent } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { maxFileBytes, refusalOf } from '#contract/file.ts';
import { Clip } from './clip.tsx';
import { type FileWords, fileWords } from './file-words.ts';

/** What the file dialog offers; what counts is the content. */
const accept = '.png,.jpg,.jpeg,.gif,.webp,.pdf,.txt,.log';

/** Changes what is picked. */
export type Picking = (change: (before: readonly File[]) => readonly File[]) => void;

/** A quick word before anything leaves; the hub looks again. */
async function wrongWith(file: File, words: FileWords): Promise<string | undefined> {
  if (file.size > maxFileBytes) return `${file.name}: ${words.refusals.large}`;
  try {
    const why = refusalOf(file.name, new Uint8Array(await file.arrayBuffer()));
    return why && `${file.name}: ${words.refusals[why]}`;
  } catch {
    return `${file.name}: ${words.unreadable}`;
  }
}

/**
 * Files picked, pasted or dropped for the next message, in widget and panel alike. They wait here until Send, so that a
 * picture pasted by mistake goes nowhere (R72).
 */
export function useAttach(options: {
  on: boolean;
  small?: boolean;
  words?: FileWords;
  /** What is picked for this chat; kept outside the reply, so that it outlives it and an end of the chat knows of it. */
  picked: readonly File[];
  onPick: Picking;
}) {
  const { on, small = false, words = fileWords, picked, onPick } = options;
  const [wrong, setWrong] = useState<readonly string[]>([]);
  const input = useRef<HTMLInputElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  async function add(files: readonly File[]): Promise<void> {
    const found = await Promise.all(files.map((file) => wrongWith(file, words)));
    setWrong(found.flatMap((why) => why ?? []));
    onPick((before) => [...before, ...files.filter((_, n) => found[n] === undefined)]);
  }
  const drop = (file: File): void => {
    onPick((before) => before.filter((other) => other !== file));
    button.current?.focus();
  };

  const chosen: JSX.Element = (
    <>
      {wrong.length > 0 ? (
        <div class="attach-wrong" role="alert">
          {wrong.map((why, n) => (
            <p key={`${n} ${why}`}>{why}</p>
          ))}
        </div>
      ) : null}
      {picked.length > 0 ? (
        <ul class="attached" aria-label={words.toSend}>
          {picked.map((file) => (
            <li key={file}>
              <span class="file-name">{file.name}</span> <span class="file-size">{words.size(file.size)}</span>
              <button class="btn bare" type="button" onClick={() => drop(file)}>
                {words.remove}
                <span class="sr"> {file.name}</span>
              </button>
            </li>
          ))}
        </ul>
      ) : null}
    </>
  );
  const press: JSX.Element = (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={accept}
        onChange={(e) => {
          void add([...(e.currentTarget.files ?? [])]);
          e.currentTarget.value = ''; // the same file may be picked again
        }}
      />
      <button ref={button} class="btn attach" type="button" data-act="attach" onClick={() => input.current?.click()}>
        <Clip />
        {small ? <span class="sr">{words.attach}</span> : 'Attach'}
      </button>
    </>
  );

  return {
    picked: on ? picked : [],
    /** What was picked, and why something was not; above the field. */
    chosen: on ? chosen : null,
    /** The button and its hidden field. */
    press: on ? press : null,
    /** On the form: paste and drop. A paste that has words too is words, as office programs add a picture of them. */
    takes: on
      ? {
          onPaste: (e: TargetedClipboardEvent<HTMLFormElement>) => {
            const { files = [], types = [] } = e.clipboardData ?? {};
            if (files.length === 0 || types.includes('text/plain')) return;
            e.preventDefault();
            void add([...files]);
          },
          onDragOver: (e: TargetedDragEvent<HTMLFormElement>) => {
            if (e.dataTransfer?.types.includes('Files')) e.preventDefault();
          },
          onDrop: (e: TargetedDragEvent<HTMLFormElement>) => {
            if (!e.dataTransfer?.files.length) return;
            e.preventDefault();
            void add([...e.dataTransfer.files]);
          },
        }
      : {},
    /** Hands over what was picked and begins anew. */
    take(): readonly File[] {
      onPick(() => []);
      setWrong([]);
      return on ? picked : [];
    },
  };
}
