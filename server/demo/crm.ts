import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { TokenHolder } from './authorization-server.ts';
import { BadBody, listAt, meets, objectAt, propertiesAt, searchAt, textAt } from './crm-bodies.ts';
import { type CrmRecord, type CrmRecords, crmRecords, type RecordType } from './crm-records.ts';
import type { SandboxStore } from './sandbox-store.ts';
import { vendorError } from './vendor-error.ts';

type Env = { Variables: { holder: TokenHolder; records: CrmRecords } };

const read = 'crm.objects.contacts.read';
const write = 'crm.objects.contacts.write';
const typeOf = (name: string): RecordType | undefined =>
  name === 'contacts' || name === 'contact' ? 'contacts' : name === 'notes' || name === 'note' ? 'notes' : undefined;

/**
 * The parts of HubSpot's CRM API that adapters use, with the answers of its descriptions (contacts-v3, notes-v3,
 * associations-v4). `find` asks the partner's authorization server about the bearer token.
 */
export function createCrm(deps: {
  partner: string;
  store: SandboxStore;
  now: () => number;
  ids: () => string;
  find(token: string): Promise<(TokenHolder & { use: string }) | undefined>;
}): Hono<Env> {
  const { store, now, ids, partner } = deps;
  const crm = new Hono<Env>();
  const iso = () => new Date(now()).toISOString();
  const batch = <T>(results: T[]) => ({ status: 'COMPLETE', results, startedAt: iso(), completedAt: iso() });

  crm.use(bodyLimit({ maxSize: 1_000_000 }));
  crm.use(async (c, next) => {
    const token = /^Bearer (\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
    const holder = token === undefined ? undefined : await deps.find(token);
    if (holder?.use !== 'access_token')
      return c.json(
        vendorError(ids(), 'INVALID_AUTHENTICATION', 'The access token is missing, expired or revoked.'),
        401,
      );
    const needed = c.req.method === 'GET' || c.req.path.endsWith('/search') ? read : write;
    if (!holder.scopes.has(needed))
      return c.json(vendorError(ids(), 'MISSING_SCOPES', 'The token lacks a scope this call needs.'), 403);
    c.set('holder', holder);
    c.set('records', crmRecords(store, partner, holder.hubId, now));
    return next();
  });
  crm.onError((error, c) => {
    if (error instanceof BadBody)
      return c.json(vendorError(ids(), 'VALIDATION_ERROR', error.message, error.where), 400);
    if (error instanceof SyntaxError)
      return c.json(vendorError(ids(), 'VALIDATION_ERROR', 'The body is not valid JSON.'), 400);
    throw error;
  });
  // not Hono's notFound: inside another app that would be the outer app's answer
  const missing = (c: Context<Env>) => c.json(vendorError(ids(), 'OBJECT_NOT_FOUND', 'There is nothing here.'), 404);

  crm.post('/v3/objects/contacts/batch/upsert', async (c) => {
    const records = c.get('records');
    const inputs = listAt(objectAt(await c.req.json(), 'body').inputs, 'inputs').map((raw, i) => {
      const input = objectAt(raw, `inputs[${i}]`);
      return {
        id: textAt(input.id, `inputs[${i}].id`),
        byEmail: input.idProperty === 'email',
        properties: propertiesAt(input.properties, `inputs[${i}].properties`),
      };
    });
    const results: (CrmRecord & { new: boolean })[] = [];
    const errors: object[] = [];
    const refuse = (message: string) =>
      errors.push({ status: 'error', category: 'VALIDATION_ERROR', message, context: {}, links: {}, errors: [] });
    for (const { id, byEmail, properties } of inputs) {
      const held = byEmail ? records.byEmail(id) : records.byId('contacts', id);
      const clash = properties.email === undefined ? undefined : records.byEmail(properties.email);
      if (clash && clash.id !== held?.id) refuse('Another contact has this e-mail address.');
      else if (held) results.push({ ...records.update('contacts', held, properties), new: false });
      else if (!byEmail) refuse('There is no contact with this id.');
      else if (!/^\S+@\S+$/.test(id)) refuse('The e-mail address has the wrong form.');
      else if (records.isBlocked(id)) refuse('This e-mail address is on the blocklist of erased people.');
      else results.push({ ...records.create('contacts', { email: id, ...properties }), new: true });
    }
    const body = batch(results);
    return errors.length > 0 ? c.json({ ...body, errors, numErrors: errors.length }, 207) : c.json(body, 200);
  });

  crm.post('/v3/objects/contacts/search', async (c) => {
    const { groups, limit } = searchAt(await c.req.json());
    const hits = c
      .get('records')
      .list('contacts')
      .filter(
        ({ properties }) => groups.length === 0 || groups.some((all) => all.every((one) => meets(properties, one))),
      );
    return c.json({ total: hits.length, results: hits.slice(0, limit) });
  });

  crm.post('/v3/objects/contacts/gdpr-delete', async (c) => {
    const records = c.get('records');
    const body = objectAt(await c.req.json(), 'body');
    const id = textAt(body.objectId, 'objectId');
    const held = body.idProperty === 'email' ? records.byEmail(id) : records.byId('contacts', id);
    if (held) records.erase('contacts', held.id);
    // HubSpot's trap: an unknown address lands on a blocklist (PARTNERS.md HubSpot, erase)
    else if (body.idProperty === 'email') records.block(id);
    return c.body(null, 204);
  });

  crm.get('/v3/objects/:type/:id', (c) => {
    const records = c.get('records');
    const type = typeOf(c.req.param('type'));
    const id = c.req.param('id');
    const byEmail = type === 'contacts' && c.req.query('idProperty') === 'email';
    const held = type && (byEmail ? records.byEmail(id) : records.byId(type, id));
    if (!type || !held) return missing(c);
    const wanted = (c.req.queries('associations') ?? []).flatMap((names) => names.split(',')).map(typeOf);
    const associations = wanted
      .filter((other) => other !== undefined)
      .map((other) => [
        other,
        {
          results: records.linked({ type, id: held.id }, other).map((r) => ({ id: r.id, type: `${type}_to_${other}` })),
        },
      ]);
    return c.json(associations.length > 0 ? { ...held, associations: Object.fromEntries(associations) } : held);
  });

  crm.patch('/v3/objects/:type/:id', async (c) => {
    const type = typeOf(c.req.param('type'));
    const held = type && c.get('records').byId(type, c.req.param('id'));
    if (!type || !held) return missing(c);
    const properties = propertiesAt(objectAt(await c.req.json(), 'body').properties, 'properties');
    const clash = properties.email === undefined ? undefined : c.get('records').byEmail(properties.email);
    if (type === 'contacts' && clash && clash.id !== held.id)
      return c.json(vendorError(ids(), 'CONFLICT', 'Another contact has this e-mail address.'), 409);
    return c.json(c.get('records').update(type, held, properties));
  });

  crm.delete('/v3/objects/:type/:id', (c) => {
    const type = typeOf(c.req.param('type'));
    if (!type) return missing(c);
    c.get('records').archive(type, c.req.param('id'));
    return c.body(null, 204);
  });

  crm.post('/v3/objects/notes', async (c) => {
    const body = objectAt(await c.req.json(), 'body');
    listAt(body.associations, 'associations');
    const properties = propertiesAt(body.properties, 'properties');
    textAt(properties.hs_timestamp, 'properties.hs_timestamp');
    if ((properties.hs_note_body ?? '').length > 65_536) throw new BadBody('properties.hs_note_body');
    return c.json(c.get('records').create('notes', properties), 201);
  });

  crm.put('/v4/objects/:from/:fromId/associations/default/:to/:toId', (c) => {
    const { fromId, toId } = c.req.param();
    const records = c.get('records');
    const from = typeOf(c.req.param('from'));
    const to = typeOf(c.req.param('to'));
    if (!from || !to || !records.byId(from, fromId) || !records.byId(to, toId)) return missing(c);
    records.link({ type: from, id: fromId }, { type: to, id: toId });
    const pair = (a: string, b: string, type: number) => ({
      from: { id: a },
      to: { id: b },
      associationSpec: { associationCategory: 'HUBSPOT_DEFINED', associationTypeId: type },
    });
    // the numbers are the sandbox's own: no vendor file names them, so nothing may rest on them
    return c.json(batch([pair(fromId, toId, 1), pair(toId, fromId, 2)]));
  });
  crm.all('*', missing);
  return crm;
}
