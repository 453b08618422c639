import * as z from 'zod/mini';
import { defineAdapter, type Partner, PartnerError } from '#sdk';
import { facts } from './facts.ts';

const Contact = z.object({ id: z.string(), new: z.boolean(), createdAt: z.string() });
/** HTTP 207 answers the same shape with `errors`: the record is judged, not the status. */
const Upserted = z.object({ results: z.array(Contact), errors: z.optional(z.array(z.unknown())) });
const Created = z.object({ id: z.string() });
const Associated = z.object({ status: z.string(), errors: z.optional(z.array(z.unknown())) });

const Event = z.object({ subscriptionType: z.string() });
const Ended = z.object({ objectId: z.number() });
/** One erasure sends both of these; a plain deletion archives, and can be undone for 90 days. */
const ends: Record<string, 'erased' | 'removed'> = {
  'contact.privacyDeletion': 'erased',
  'contact.deletion': 'removed',
};

const noteLimit = 65_536; // characters of hs_note_body
const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (char) => entities[char] ?? '');

/** First word and the rest; a single word is a first name. */
function nameProperties(name: string | undefined): Record<string, string> {
  const [first, ...rest] = name?.trim().split(/\s+/) ?? [];
  return { ...(first && { firstname: first }), ...(rest.length > 0 && { lastname: rest.join(' ') }) };
}

/** Writes one note of HTML and ties it to the contact; there is no call that does both without a type id. */
async function addNote(partner: Partner, contact: string, html: string): Promise<void> {
  const note = await partner.post('/crm/v3/objects/notes', {
    body: { properties: { hs_timestamp: partner.chat.at, hs_note_body: html }, associations: [] },
    returns: Created,
  });
  const path = `/crm/v4/objects/notes/${encodeURIComponent(note.id)}/associations/default/contacts/${encodeURIComponent(contact)}`;
  const tied = await partner.put(path, { returns: Associated });
  if (tied.errors?.length) throw new PartnerError('record', 207);
}

/** Whole lines as HTML, as many as fit; says so when lines are missing. */
function transcriptHtml(chat: number, transcript: string): { html: string; complete: boolean } {
  const cut = '<br>(The rest is kept in askfirst.)';
  let html = `Chat ${chat}, shared with this person's yes:`;
  for (const line of transcript.split('\n')) {
    const next = `${html}<br>${escapeHtml(line)}`;
    if (next.length + cut.length > noteLimit) return { html: html + cut, complete: false };
    html = next;
  }
  return { html, complete: true };
}

/** HubSpot: contact upsert by e-mail with a fixed note; the transcript is a share of its own. */
export const adapter = defineAdapter({
  facts,
  shares: {
    email: { purpose: 'CustomerRelationshipManagement', need: true, because: 'to find or create your contact record' },
    name: { purpose: 'CustomerRelationshipManagement', because: 'to put your name on that record' },
    phone: { purpose: 'CustomerRelationshipManagement', because: 'to call you back' },
    transcript: { purpose: 'CustomerCare', need: true, because: 'to keep what was said with your record' },
  },
  receives: {
    Contact: 'to find the same record at the next share',
    'Known since': 'to show the agent whether you are new to the brand',
  },
  on: {
    async CustomerRelationshipManagement({ email, name, phone }, partner) {
      const properties = { ...nameProperties(name), ...(phone && { phone }) };
      const answer = await partner.post('/crm/v3/objects/contacts/batch/upsert', {
        body: { inputs: [{ id: email, idProperty: 'email', properties }] },
        returns: Upserted,
      });
      const [contact] = answer.results;
      if (!contact || answer.errors?.length) throw new PartnerError('record', 207);
      await addNote(partner, contact.id, `Chat ${partner.chat.number} with this person is kept in askfirst.`);
      return {
        record: contact.id,
        card: [
          { label: 'Contact', value: `${contact.id}, ${contact.new ? 'new' : 'updated'}` },
          { label: 'Known since', value: contact.createdAt.slice(0, 10) },
        ],
        drafts: [{ label: 'Reference', text: `Your details are with our team, under reference ${contact.id}.` }],
      };
    },
    async CustomerCare({ transcript }, partner) {
      if (!partner.record) throw new PartnerError('unknown-person');
      const { html, complete } = transcriptHtml(partner.chat.number, transcript);
      await addNote(partner, partner.record, html);
      return {
        record: partner.record,
        card: [{ label: 'Transcript', value: complete ? 'added as a note' : 'added as a note, its beginning only' }],
      };
    },
  },
  erase: 'manual',
  rectify: 'manual',
  restrict: 'none',
  suppress: 'manual',
  webhook(event) {
    const kind = ends[z.parse(Event, event).subscriptionType];
    return kind && { kind, record: String(z.parse(Ended, event).objectId) };
  },
});
