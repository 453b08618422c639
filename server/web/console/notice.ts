/** Milliseconds of rest after which what was typed is kept. */
const rest = 1200;

/**
 * Keeps a draft while it is written: the same form, sent by itself. Words and focus stay where they are; what the hub
 * says of them is taken from its own page.
 */
function keep(form: HTMLFormElement, said: HTMLElement): void {
  let timer = 0;
  let under = false;
  let again = false;
  let over = false;
  const stored = said.textContent ?? '';

  async function save(): Promise<void> {
    clearTimeout(timer);
    timer = 0;
    if (over) return;
    again = under;
    if (under) return;
    under = true;
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === 'string') body.append(name, value);
    try {
      // keepalive: what is typed last is kept although the page is being left
      const res = await fetch(form.action, { method: 'POST', body, headers: { accept: 'text/html' }, keepalive: true });
      const page = new DOMParser().parseFromString(await res.text(), 'text/html');
      if (res.ok && page.querySelector('form.words')) take(page);
      else if (res.status === 400) refuse(page);
      else if (res.status === 409) clash();
      else throw new Error(String(res.status));
    } catch {
      said.textContent = 'Not saved: the hub does not answer. Your words stay here; press Save the draft.';
    }
    under = false;
    if (again) void save();
  }

  function take(page: Document): void {
    const seen = (from: ParentNode) => from.querySelector<HTMLInputElement>('form.words [name="seen"]');
    const [mine, theirs] = [seen(document), seen(page)];
    if (mine && theirs) mine.value = theirs.value;
    for (const hint of form.querySelectorAll('[id$="-hint"]')) copyHint(hint, page);
    const at = new Date().toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
    said.textContent = `Kept in the draft at ${at}. ${stored}`;
  }
  function refuse(page: Document): void {
    for (const hint of form.querySelectorAll('[id$="-hint"]')) copyHint(hint, page);
    said.textContent = 'Not saved. Look at what stands below the text.';
  }
  function clash(): void {
    over = true;
    said.textContent = 'Not saved: another tab changed this meanwhile. Press Save the draft to see both.';
  }
  function copyHint(hint: Element, page: Document): void {
    const fresh = page.getElementById(hint.id);
    if (!fresh || fresh.textContent === hint.textContent) return;
    hint.textContent = fresh.textContent;
    hint.className = fresh.className;
    const field = form.querySelector(`[aria-describedby="${hint.id}"]`);
    if (hint.className === 'wrong') field?.setAttribute('aria-invalid', 'true');
    else field?.removeAttribute('aria-invalid');
  }

  form.addEventListener('input', () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void save(), rest);
  });
  form.addEventListener('submit', () => {
    clearTimeout(timer);
    over = true; // the form itself is on its way
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden' && timer) void save();
  });
}

const form = document.querySelector<HTMLFormElement>('form.words');
const said = document.getElementById('kept');
if (form && said) keep(form, said);
