/** The line beside the button: an offer or a greeting (R61). It is read where it stands and never announced or moved. */
export interface Line {
  node: HTMLElement;
  /** Shows these words, or nothing; once somebody closed it, nothing on this page any more. */
  say(words: string | undefined): void;
}

/** Makes the line; `closed` puts the focus where it belongs. */
export function makeLine(closed: () => void): Line {
  const node = document.createElement('aside');
  node.setAttribute('aria-label', 'From the chat');
  node.hidden = true;
  const words = document.createElement('span');
  const end = document.createElement('button');
  end.type = 'button';
  end.textContent = 'Close';
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
      node.hidden = over || !text;
    },
  };
}
