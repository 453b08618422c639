import { html } from 'hono/html';
import { type SandboxAccount, sandboxAccounts } from './accounts.ts';
import type { SandboxPartner } from './authorization-server.ts';
import type { CrmRecord } from './crm-records.ts';
import { type TestPerson, testPeople } from './harbor-id.ts';

/** How the sandbox partner answers: as it should, late, not at all well, or as if the key no longer fits. */
export const sandboxModes = {
  normal: 'Answer normally',
  slow: 'Be slow (20 s)',
  down: 'Be down (503)',
  refuse: 'Turn the key down (401)',
} as const;

/** A key of `sandboxModes`. */
export type SandboxMode = keyof typeof sandboxModes;

/** One call the sandbox partner got; no bodies and no query are kept. `at` is ISO 8601. */
export interface LoggedCall {
  at: string;
  method: string;
  path: string;
  status: number;
}

/** What one account holds, for people to read. */
interface HeldByAccount {
  account: SandboxAccount;
  contacts: (CrmRecord & { notes: CrmRecord[] })[];
  /** Notes tied to no contact. */
  loose: CrmRecord[];
}

type Html = ReturnType<typeof html>;

const layout = (title: string, body: Html, script = false) => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="stylesheet" href="/sandbox/page.css">
${script ? html`<script src="/sandbox/page.js" defer></script>` : ''}
</head>
<body>
<header class="band"><strong>Sandbox</strong> This page plays a partner. It runs on this machine and is not the real one.</header>
<main>${body}</main>
</body>
</html>`;

const scopeWords: Record<string, string> = {
  oauth: 'Know which account this is',
  'crm.objects.contacts.read': 'Find contacts and their notes',
  'crm.objects.contacts.write': 'Add and change contacts and their notes',
};

/** The page on which a person allows or denies the hub, and picks the account. */
export const questionPage = (partner: SandboxPartner, scopes: readonly string[], action: string) =>
  layout(
    `Sandbox ${partner.name}: allow askfirst?`,
    html`<h1>Sandbox ${partner.name}</h1>
<p><strong>askfirst</strong> asks for access to an account here. It would be able to:</p>
<ul>${scopes.map((scope) => html`<li>${scopeWords[scope] ?? scope} <code>${scope}</code></li>`)}</ul>
<form method="post" action="${action}">
<fieldset><legend>Which account?</legend>
${sandboxAccounts.map(
  (account, i) => html`<label><input type="radio" name="account" value="${account.hubId}" ${i === 0 ? 'checked' : ''}>
<span>${account.name}, hub ${account.hubId}</span></label>`,
)}
</fieldset>
<p class="row"><button name="answer" value="allow">Allow</button> <button name="answer" value="deny">Deny</button></p>
</form>`,
  );

/** A page with one plain sentence, for a request that cannot be sent back to the hub. */
export const sentencePage = (partner: { name: string }, title: string, detail: string) =>
  layout(`Sandbox ${partner.name}: ${title}`, html`<h1>Sandbox ${partner.name}</h1><p>${title}</p><p>${detail}</p>`);

const about = ({ name, email, phone_number }: TestPerson) => [name, email, phone_number ?? 'no phone'].join(', ');

/** The page on which a visitor signs in as a test person, or cancels. */
export const signInPage = (identity: { name: string }, action: string) =>
  layout(
    `Sandbox ${identity.name}: sign in`,
    html`<h1>Sandbox ${identity.name}</h1>
<p><strong>askfirst</strong> asks for your name, e-mail and phone, to fill in a chat form. You pick there what is used.</p>
<form method="post" action="${action}">
<fieldset><legend>Which test person are you?</legend>
${testPeople.map(
  (person, i) => html`<label><input type="radio" name="account" value="${person.sub}" ${i === 0 ? 'checked' : ''}>
<span>${about(person)}</span></label>`,
)}
</fieldset>
<p class="row"><button name="answer" value="allow">Sign in</button> <button name="answer" value="deny">Cancel</button></p>
</form>`,
  );

/** The page that shows people who can sign in at the sandbox identity provider. */
export const peoplePage = (identity: { name: string }) =>
  layout(
    `${identity.name} (sandbox)`,
    html`<h1>${identity.name} (sandbox)</h1>
<p>Visitors of the demo can fill in the chat form from here. Only these test people can sign in; the hub sends it nothing
about anybody.</p>
${testPeople.map((person) => html`<article>${about(person)}</article>`)}`,
  );

const properties = (record: CrmRecord) =>
  html`<dl>${Object.entries(record.properties).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;

const noteOf = (note: CrmRecord) => html`<h4>Note ${note.id}</h4>${properties(note)}`;

const heldBy = ({ account, contacts, loose }: HeldByAccount) => html`<section>
<h2>${account.name}, hub ${account.hubId}</h2>
${
  contacts.length === 0
    ? html`<p>Nothing. No contact has been sent here.</p>`
    : contacts.map(
        (
          contact,
        ) => html`<article><h3><a href="contacts/${account.hubId}/record/0-1/${contact.id}">Contact ${contact.id}</a></h3>${properties(contact)}
${contact.notes.map(noteOf)}</article>`,
      )
}
${loose.length > 0 ? html`<article><h3>Notes without a contact</h3>${loose.map(noteOf)}</article>` : ''}
</section>`;

/** The page of one contact, at the path of the vendor's own (R78): what an agent would have open beside the panel. */
export const contactPage = (
  partner: SandboxPartner,
  account: SandboxAccount,
  contact: CrmRecord & { notes: readonly CrmRecord[] },
) =>
  layout(
    `Contact ${contact.id} in ${partner.name} (sandbox)`,
    html`<h1>Contact ${contact.id}</h1>
<p>${account.name}, hub ${account.hubId}. <a href="/sandbox/${partner.id}/">All that ${partner.name} (sandbox) holds</a></p>
<article><h2>What is known</h2>${properties(contact)}</article>
${contact.notes.map((note) => html`<article><h2>Note ${note.id}</h2>${properties(note)}</article>`)}`,
  );

/** The page that shows people what the sandbox partner holds, how it answers, and which calls it got. */
export const heldPage = (page: {
  partner: SandboxPartner;
  mode: SandboxMode;
  held: readonly HeldByAccount[];
  calls: readonly LoggedCall[];
}) =>
  layout(
    `What ${page.partner.name} (sandbox) holds`,
    html`<h1>What ${page.partner.name} (sandbox) holds</h1>
<p>Everything the hub has sent here, and nothing else. This page looks again every two seconds.
<a href="/sandbox/${page.partner.id}/">Look again now</a></p>
<form method="post" action="/sandbox/${page.partner.id}/mode">
<fieldset><legend>How should it answer from now on?</legend>
${Object.entries(sandboxModes).map(
  ([mode, words]) => html`<label><input type="radio" name="mode" value="${mode}" ${mode === page.mode ? 'checked' : ''}>
<span>${words}</span></label>`,
)}
<button>Change</button></fieldset>
</form>
<div id="now">
<p>Now: <strong>${sandboxModes[page.mode]}</strong></p>
${page.held.map(heldBy)}
<section><h2>Calls it got</h2>
${
  page.calls.length === 0
    ? html`<p>None yet.</p>`
    : html`<div class="wide" tabindex="0" role="region" aria-label="Calls it got"><table>
<thead><tr><th scope="col">Time</th><th scope="col">Call</th><th scope="col">Answer</th></tr></thead>
<tbody>${page.calls.map(
        (call) => html`<tr><td><time datetime="${call.at}">${call.at.slice(11, 19)} UTC</time></td>
<td><code>${call.method} ${call.path}</code></td><td>${call.status}</td></tr>`,
      )}</tbody></table></div>`
}</section>
</div>`,
    true,
  );
