import { say, swapMain } from '../swap.ts';

/** A switch saves in place: the same form by fetch, the page's own answer in place of `main`; never shown before it is stored. */
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.hasAttribute('data-choose')) return;
  event.preventDefault();
  if (form.getAttribute('aria-busy') === 'true') return;
  void save(form, event.submitter);
});

async function save(form: HTMLFormElement, button: HTMLElement | null): Promise<void> {
  const word = form.querySelector('.word');
  const stored = word?.textContent ?? '';
  form.setAttribute('aria-busy', 'true');
  if (word) word.textContent = form.dataset.saving ?? '';
  form.parentElement?.querySelector('.sorry')?.remove();
  try {
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form, button)) if (typeof value === 'string') body.append(name, value);
    const res = await fetch(form.action, { method: 'POST', body, headers: { accept: 'text/html' } });
    // A refusal that comes with the page shows the true state; any other answer leaves what was stored.
    if (swapMain(await res.text())) return;
    throw new Error(String(res.status));
  } catch {
    form.removeAttribute('aria-busy');
    if (word) word.textContent = stored;
    sorry(form);
    button?.focus({ preventScroll: true });
  }
}

/** Says in place, and aloud, that the switch stands as it stood; the page brings the sentence in its language along. */
function sorry(form: HTMLFormElement): void {
  const sentence = form.dataset.choose ?? '';
  const line = document.createElement('p');
  line.className = 'sorry';
  line.textContent = sentence;
  form.after(line);
  say(sentence);
}
