/**
 * Opens a page of the hub in a new tab and gives it a code as the body of a real form, never in an address (SECURITY.md
 * HO7). The tab is opened inside the click, else browsers block it; undefined from `give` closes it again.
 */
export async function intoTab(
  form: HTMLFormElement,
  give: () => Promise<{ code: string; action: string } | undefined>,
  blocked: () => void,
): Promise<void> {
  const tab = window.open('', form.target);
  if (!tab) return blocked();
  const given = await give();
  if (!given) return tab.close();
  form.action = new URL(given.action, location.origin).href;
  (form.elements.namedItem('code') as HTMLInputElement).value = given.code;
  form.submit();
}
