/** The sandbox's own plain look: on purpose not the hub's, so that nobody takes one for the other. */
export const pageStyle = `
:root { color-scheme: light dark; font: 16px/1.5 Georgia, 'Times New Roman', serif; }
body { margin: 0; background: #fffdf5; color: #221c10; overflow-wrap: anywhere; }
main { max-width: 44rem; margin: 0 auto; padding: 1rem; }
.band { margin: 0; padding: .5rem 1rem; background: #ffd54a; color: #221c10; border-bottom: 2px solid #221c10; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; } h3, h4 { font-size: 1rem; margin: .5rem 0; }
code { font-size: .85rem; } a { color: inherit; }
fieldset { border: 1px solid currentColor; padding: .75rem; margin: 1rem 0; }
label { display: flex; gap: .5rem; align-items: center; min-height: 44px; }
button { font: inherit; min-height: 44px; min-width: 6rem; padding: 0 1rem; border: 2px solid #221c10; background: #fff; color: #221c10; cursor: pointer; }
:focus-visible { outline: 3px solid #0b57d0; outline-offset: 2px; }
.row { display: flex; gap: 1rem; }
article { border: 1px solid currentColor; padding: .75rem; margin: .75rem 0; }
dl { margin: 0; } dl div { display: flex; flex-wrap: wrap; gap: 0 .75rem; } dt { min-width: 7rem; } dd { margin: 0; white-space: pre-wrap; }
.wide { overflow-x: auto; } .wide code { white-space: nowrap; } table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .25rem .5rem; border-bottom: 1px solid currentColor; } th, time { white-space: nowrap; }
@media (prefers-color-scheme: dark) { body { background: #1c1810; color: #f5ecd7; } :focus-visible { outline-color: #8ab4f8; } }
`;

/** Looks again every two seconds while the page is in view and puts the new part in place of the old. */
export const pageScript = `
const look = async () => {
  if (document.hidden) return;
  const answer = await fetch(location.href, { headers: { accept: 'text/html' } }).catch(() => undefined);
  if (!answer || !answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('now');
  const shown = document.getElementById('now');
  if (fresh && shown && fresh.innerHTML !== shown.innerHTML) shown.replaceWith(fresh);
};
setInterval(look, 2000);
`;
