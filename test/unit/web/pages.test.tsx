import { expect, test } from 'vitest';
import type { ConnectionView } from '#contract/connection.ts';
import { reasons } from '#contract/consent.ts';
import { Connections } from '../../../server/web/console/connections.tsx';
import { withheldWords } from '../../../server/web/console/words.ts';
import { renderPage } from '../../../server/web/page.tsx';
import { PreferencesPage } from '../../../server/web/preferences/preferences-page.tsx';
import { StartPage } from '../../../server/web/start/start-page.tsx';
import { gallery, nonce, renderGalleryPage, startProps } from '../../support/gallery.tsx';
import { broken, choice, frame, hubspot, now, preferences, slack } from '../../support/gallery-data.ts';
import { forms, tags, text } from './html.ts';

const names = Object.keys(gallery);
const html = (name: string): string => renderGalleryPage(name);
const visitorPages = names.filter((n) => n.startsWith('preferences'));

test.each(names)(
  'page %s carries no inline style, no inline script and no handler, so that a strict policy holds',
  (name) => {
    const all = tags(html(name));
    expect(all.filter((t) => 'style' in t.attributes)).toEqual([]);
    expect(all.flatMap((t) => Object.keys(t.attributes)).filter((a) => a.startsWith('on'))).toEqual([]);
    for (const script of all.filter((t) => t.name === 'script')) {
      expect(script.attributes.src).toMatch(/^\/assets\//);
      expect(script.attributes.nonce).toBe(nonce);
    }
    expect(all.filter((t) => t.name === 'style')).toEqual([]);
  },
);

test.each(names)('page %s has one main, one h1, heads in order and no id twice', (name) => {
  const all = tags(html(name));
  expect(all.filter((t) => t.name === 'main')).toHaveLength(1);
  const heads = all.filter((t) => /^h[1-6]$/.test(t.name)).map((t) => Number(t.name[1]));
  expect(heads.filter((h) => h === 1)).toHaveLength(1);
  for (const [n, h] of heads.entries()) expect(h - (heads[n - 1] ?? 0)).toBeLessThanOrEqual(1);
  const ids = all.map((t) => t.attributes.id).filter(Boolean);
  expect(new Set(ids).size).toBe(ids.length);
  for (const t of all)
    for (const refs of [t.attributes['aria-labelledby'], t.attributes['aria-describedby'], t.attributes.for])
      for (const ref of refs?.split(' ') ?? []) expect(ids).toContain(ref);
});

test.each(names)('every form of page %s that changes something carries its hidden token', (name) => {
  for (const form of forms(html(name))) {
    // A no for an address and a link by mail are open to everybody, known here or not: their origin is what is checked.
    if (form.method !== 'post' || /\/(stop|link)(\?|$)/.test(form.action)) continue;
    const token = form.fields.csrf ?? form.fields.nonce ?? form.fields.code;
    expect(token, form.action).toMatch(/^(csrf-sample|code-sample|nonce-\d+)$/);
  }
});

test.each(visitorPages)('page %s speaks to the visitor without the words of lawyers and machines', (name) => {
  expect(text(html(name))).not.toMatch(/consent|GDPR|third part|opt in|processing|oops|!|\b(she|her|he|his)\b/i);
});

test('R35 R26 each integration has a switch named by the partner alone, each objection by itself, that says in words what is stored', () => {
  const page = html('preferences');
  const switches = tags(page).filter((t) => t.attributes.role === 'switch');
  expect(switches.map((s) => [s.attributes['aria-labelledby'], s.attributes['aria-checked']])).toEqual([
    ['may-hubspot', 'true'],
    ['may-hubspot-CustomerCare', 'false'],
    ['may-slack', 'false'],
    ['stop-all', 'false'],
    ['stop-profiling', 'true'],
  ]);
  expect(switches.every((s) => s.attributes.type === 'submit')).toBe(true);
  expect(page).toMatch(/<span id="may-hubspot">HubSpot<\/span>/);
  expect(text(page)).toContain('You said no, so it stays here.');
});

test('GATE-41 R25 a yes is taken back with the same one tap that gives it: same form, same fields, no step between', () => {
  const shape = (page: string) =>
    forms(page)
      .filter((f) => f.buttons[0]?.role === 'switch')
      .map((f) => ({ action: f.action, method: f.method, names: Object.keys(f.fields), buttons: f.buttons.length }));
  expect(shape(html('preferences-off'))).toEqual(shape(html('preferences')));
  const [on] = forms(html('preferences'));
  const [off] = forms(html('preferences-off'));
  expect(on?.fields).toMatchObject({ integration: 'hubspot', purpose: 'all' });
  expect(on?.buttons[0]).toMatchObject({ name: 'want', value: 'no' });
  expect(off?.fields).toMatchObject({ integration: 'hubspot', purpose: 'CustomerRelationshipManagement' });
  expect(off?.buttons[0]).toMatchObject({ name: 'want', value: 'yes' });
});

test('R17 a yes to the transcript alone shows the partner as on and the main purpose as its own no', () => {
  const page = html('preferences-split');
  const switches = tags(page).filter((t) => t.attributes['aria-labelledby']?.startsWith('may-'));
  expect(switches.map((s) => s.attributes['aria-checked'])).toEqual(['true', 'false', 'true']);
  expect(text(page)).toContain('May get only what is switched on below.');
});

test('R35 a change that was not stored says so and shows the true state', () => {
  const page = html('preferences-failed');
  expect(text(page)).toContain('Your change was not saved. HubSpot is still on.');
  expect(tags(page).find((t) => t.attributes.id === 'may-hubspot-flip')?.attributes['aria-checked']).toBe('true');
  expect(tags(page).filter((t) => t.attributes.role === 'alert')).toHaveLength(1);
});

test('R25 after turning off the page says what died, what is out already and that the signal is honored', () => {
  const page = text(html('preferences-off'));
  expect(page).toContain('Saved: HubSpot is off. One thing that was waiting was not sent.');
  expect(page).toContain('HubSpot already has your name and e-mail from 22 November.');
  expect(page).toContain('Opt-out request honored');
  expect(page).not.toContain('May get');
});

test('R32 the history names what was withheld with its reason, and nobody where nobody got anything', () => {
  const page = text(html('preferences'));
  expect(page).toMatch(/Phone: you said no\s*Withheld/);
  expect(page).toMatch(/Transcript: you have not been asked\s*Withheld/);
  expect(page).toMatch(/Name and e-mail\s*Sent/);
  expect(page).not.toContain('Nobody got data');
  const nobody = <PreferencesPage {...preferences} history={[]} />;
  expect(text(renderPage({ title: 't', lang: 'en', styles: [], nonce: 'n', body: nobody }))).toContain(
    'Nobody got data about you in the last 12 months.',
  );
});

test('R35 a browser the hub does not know still has its switches and is told how to see its own data', () => {
  const page = html('preferences-stranger');
  expect(tags(page).filter((t) => t.attributes['aria-labelledby']?.startsWith('may-'))).toHaveLength(1);
  expect(text(page)).toContain('We do not know this browser.');
  expect(text(page)).not.toContain('Nobody got data');
});

test('a first yes from an unknown browser is asked for once more, never shown as stored and never called a failure', () => {
  const body = <PreferencesPage {...preferences} integrations={[slack]} again={{ integration: 'slack' }} />;
  const page = text(renderPage({ title: 't', lang: 'en', styles: [], nonce: 'n', body }));
  expect(page).toContain('Nothing is saved yet');
  expect(page).toContain('Tap Slack once more to say yes.');
  expect(page).not.toContain('Your change was not saved');
});

test('R20 a no can be said before anybody asked, in one tap and as large as any other button', () => {
  const form = forms(html('preferences-stranger')).find((f) => f.buttons[0]?.value === 'no');
  expect(form).toMatchObject({ fields: { integration: 'slack' }, buttons: [{ name: 'want', class: 'btn' }] });
});

test('R24 an old yes under a changed notice is told as what it is, not as never asked', () => {
  const stale = {
    ...choice,
    purposes: choice.purposes
      .slice(0, 1)
      .map((p) => ({ ...p, state: 'open' as const, reason: 'policy_version_stale' as const })),
  };
  const body = <PreferencesPage {...preferences} integrations={[stale]} />;
  const page = text(renderPage({ title: 't', lang: 'en', styles: [], nonce: 'n', body }));
  expect(page).toContain('The notice changed, so your old yes does not count.');
  expect(page).not.toContain('You have not been asked, so');
});

test('R31 R32 the ledger shows each row with person, fields, result and rule, withheld ones with the reason', () => {
  const page = text(html('ledger'));
  expect(page).toMatch(
    /4,812\s*today, \d\d:\d\d\s*p-7c1e\s*HubSpot sandbox\s*name, e-mail\s*phone stayed: no yes to it\s*Sent\s*D18/,
  );
  expect(page).toMatch(/Withheld: person took the yes back\s*D09/);
  expect(Object.keys(withheldWords).sort()).toEqual([...new Set(Object.values(reasons))].sort());
});

test('R14 the data sheet shows every fact before the button that connects', () => {
  const page = html('data-sheet');
  for (const fact of [
    'To find or create your contact record',
    'api.hubapi.com',
    'Until you delete the contact in HubSpot',
    'https://legal.hubspot.com/privacy-policy',
    'HubSpot, Inc.',
    'crm.objects.contacts.write',
    'Not possible at this partner',
    'Sandbox.',
  ])
    expect(page).toContain(fact);
  expect(forms(page).map((f) => [f.method, f.action])).toContainEqual(['post', '/console/add/hubspot']);
});

test('R15 the sandbox is marked wherever the partner is named as a row', () => {
  for (const name of ['preferences', 'ledger', 'connections', 'confirm', 'start']) {
    expect(text(html(name)), name).toContain('sandbox');
  }
});

test('R36 the sign-in answer is one sentence for known and unknown addresses', () => {
  expect(text(html('sign-in-asked'))).toContain('If we know this address, a link is on its way.');
});

test('the link page signs nobody in by being looked at: it holds one POST form with the token inside', () => {
  const [form, ...more] = forms(html('sign-in-link'));
  expect(more).toEqual([]);
  expect(form).toMatchObject({ method: 'post', fields: { token: 'sample' } });
});

test.each([0, 1, 4, 6, 7])(
  'after %i steps the story has that many ticks and one main button on the next step',
  (done) => {
    const page = renderPage({
      title: 't',
      lang: 'en',
      styles: [],
      nonce: 'n',
      body: <StartPage {...startProps(done)} />,
    });
    const all = tags(page);
    expect(all.filter((t) => t.attributes.class === 'ticked')).toHaveLength(done);
    expect(all.filter((t) => t.attributes.class === 'btn main')).toHaveLength(done < 7 ? 1 : 0);
    expect(all.filter((t) => t.attributes['aria-current'] === 'step')).toHaveLength(done < 7 ? 1 : 0);
    expect(text(page)).toContain(`${done} of 7`);
  },
);

test('a browser without script loads the start page again by itself, one with script does not', () => {
  const page = renderPage({ title: 't', lang: 'en', styles: [], nonce: 'n', body: <main />, refreshSeconds: 5 });
  expect(page).toContain('<noscript><meta http-equiv="refresh" content="5"/></noscript>');
});

test('text from outside is text: a partner’s account, a mail and a search never become markup', () => {
  const evil = '<img src=x onerror=alert(1)>"\'';
  const page = renderPage({ title: evil, lang: 'en', styles: [], nonce: 'n', body: <main title={evil}>{evil}</main> });
  expect(page).not.toContain('<img');
  expect(tags(page).map((t) => t.name)).toEqual(['html', 'head', 'meta', 'meta', 'meta', 'title', 'body', 'main']);
});

test('sec-H02 a mail links http and https only, without a referrer', () => {
  const links = tags(html('mail')).filter((t) => t.name === 'a' && t.attributes.rel);
  expect(links.map((l) => [l.attributes.href, l.attributes.rel])).toEqual([
    ['http://localhost:8787/sign-in/link?token=sample', 'noopener noreferrer'],
  ]);
});

test('R85 trouble that ends at the partner says so and offers no reconnect; a key turned down does', () => {
  const show = (reconnect: boolean) =>
    text(
      renderPage({
        title: 'c',
        lang: 'en',
        styles: [],
        nonce: 'n',
        body: (
          <Connections
            frame={frame}
            now={now}
            connections={[
              { ...broken, health: { state: reconnect ? 'needs_reconnect' : 'degraded', cause: 'HubSpot is busy.' } },
            ]}
            catalogue={[]}
          />
        ),
      }),
    );
  expect(show(false)).toMatch(/One connection has trouble\.[\s\S]*Has trouble[\s\S]*Open/);
  expect(show(false)).not.toContain('Reconnect');
  expect(show(true)).toMatch(/One connection needs you\.[\s\S]*Needs you[\s\S]*Reconnect/);
});

test('UI-4 no two places of the console’s list have one icon', () => {
  const all = { ...frame, chat: true, counts: { notSent: 1 } };
  const body = <Connections frame={all} now={now} connections={[]} catalogue={[]} />;
  const list = /<nav class="nav"[\s\S]*?<\/nav>/.exec(
    renderPage({ title: 'c', lang: 'en', styles: [], nonce: 'n', body }),
  );
  const icons = [...(list?.[0] ?? '').matchAll(/<svg class="icon"[^>]*>(.*?)<\/svg>/g)].map(([, lines]) => lines);
  expect(icons).toHaveLength(10);
  expect(new Set(icons).size).toBe(10);
});

test('R5 the head of the list counts in words, whatever the number', () => {
  const show = (n: number, ...more: Partial<ConnectionView>[]) =>
    text(
      renderPage({
        title: 'c',
        lang: 'en',
        styles: [],
        nonce: 'n',
        body: (
          <Connections
            frame={frame}
            now={now}
            connections={[...Array.from({ length: n }, (_, i) => ({ id: `c${i}` })), ...more].map((of) => ({
              ...hubspot,
              ...of,
            }))}
            catalogue={[]}
          />
        ),
      }),
    );
  expect(show(1)).toContain('One connection works.');
  expect(show(2)).toContain('Two connections work.');
  expect(show(2, { id: 'c', health: { state: 'needs_reconnect', cause: 'x' } })).toContain(
    'Two connections work, one needs you.',
  );
});
