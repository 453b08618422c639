/** A break or a recovery, with all that is said of it; nothing about a visitor. */
export interface AlertNews {
  /** The same in every repetition, so that a receiver knows one. */
  id: string;
  kind: 'broken' | 'works';
  /** What is or was broken: the partner cannot be worked with, or it turned our key down. */
  what: 'circuit' | 'reconnect';
  /** One plain sentence of ours. */
  cause: string;
  /** ISO 8601 UTC. */
  at: string;
  brand: { slug: string; name: string };
  partner: string;
  integration: string;
  /** The connection's page in the console. */
  link: string;
}

/** "22 November 2026, 13:40 UTC": mail is read anywhere. */
const timeOf = (iso: string): string => {
  const day = new Date(iso).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
  return `${day}, ${iso.slice(11, 16)} UTC`;
};

/** Subject and plain text of an alert's mail: brand, partner, what happened, what to do, a link (R7). */
export function alertMail(n: AlertNews): { subject: string; body: string } {
  const { partner, brand, link } = n;
  const at = timeOf(n.at);
  const signed = (subject: string, parts: string[]) => ({
    subject: `${subject} (${brand.name})`,
    body: `${parts.join('\n\n')}\n\n${link}\n`,
  });
  if (n.kind === 'works')
    return signed(`${partner} works again`, [
      `${partner} works again for ${brand.name} since ${at}.`,
      'What waited is decided again and then goes by itself. Sends that ran out of tries stand under "Not sent" in the console.',
      'There is nothing to do.',
    ]);
  if (n.what === 'reconnect')
    return signed(`${partner} needs reconnecting`, [
      `${partner} turned the key of ${brand.name} down on ${at}.`,
      `Nothing goes to ${partner} until then. Sends wait and nothing is lost; the chats go on.`,
      `What to do: open the page below and press Reconnect, with the same ${partner} account. One mail follows when it works again.`,
    ]);
  return signed(`${partner} has trouble`, [
    `${partner} has trouble since ${at}, for ${brand.name}: ${n.cause}`,
    'Sends wait and are tried again by themselves. Nothing is lost; the chats go on.',
    `What to do: nothing for now. If it lasts, ask ${partner}. One mail follows when it works again.`,
  ]);
}

/** The body of an alert's webhook (Standard Webhooks: type, timestamp, data). */
export const alertEvent = (n: AlertNews) => ({
  type: n.kind === 'works' ? 'connection.recovered' : 'connection.broken',
  timestamp: n.at,
  data: {
    brand: n.brand.slug,
    connection: n.integration,
    partner: n.partner,
    ...(n.kind === 'works' ? {} : { needs_reconnect: n.what === 'reconnect', cause: n.cause }),
    link: n.link,
  },
});
