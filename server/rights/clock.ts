/** A day of a zone's calendar, ISO 8601. */
const dayIn = (zone: string, at: Date): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);

const iso = (date: Date): string => date.toISOString().slice(0, 10);

/**
 * The day at whose end a request is due: 30 days after the day it came, or the same day of the next month (or that
 * month's last day) where that is earlier, on the calendar of `zone` (GATE.md i, clock; GDPR 12(3)). ISO 8601 day.
 */
export function dueOn(received: Date, zone: string): string {
  const [year = 0, month = 1, day = 1] = dayIn(zone, received).split('-').map(Number);
  const lastOfNext = new Date(Date.UTC(year, month + 1, 0));
  const sameDay = new Date(Date.UTC(year, month, Math.min(day, lastOfNext.getUTCDate())));
  const thirty = new Date(Date.UTC(year, month - 1, day + 30));
  return iso(sameDay < thirty ? sameDay : thirty);
}
