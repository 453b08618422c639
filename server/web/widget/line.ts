/** The line beside the button: an offer or a greeting (R61). It is read where it stands and never announced or moved. */
export interface Line {
  node: HTMLElement;
  /** Shows these words, or nothing; once somebody closed it, nothing on this page any more. */
  say(words: string | undefined): void;
}

/** Makes the line; `closed` puts the focus where it belongs. */
export function makeLine(own: () => { tag: string; line: string; close: string }, closed: () => void): Line {
  const node = document.createElement('aside');
  node.hidden = true;
  const words = document.createElement('span');
  const end = document.createElement('button');
  end.type = 'button';
  node.append(words, end);
  let over = false;
  end.onclick = () => {
    over = true;
    node.hidden = true;
    closed();
  };
  return {
    node,
    say(text) {
      if (text) words.textContent = text;
      node.setAttribute('aria-label', own().line);
      end.textContent = own().close;
      end.lang = own().tag;
      node.hidden = over || !text;
    },
  };
}
