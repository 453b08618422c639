import * as z from 'zod/mini';
import { type ChatSetting, chatSetting } from './chat-setting.ts';

/** Days as the form has them, the week from Monday. */
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
/** One of them. */
export type Weekday = (typeof weekdays)[number];

/** The whole word. */
export const dayNames: Readonly<Record<Weekday, string>> = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
};

const schema = z.strictObject({
  /** Without it the chat is always open. */
  on: z.boolean(),
  /** IANA name, as in Europe/Copenhagen. */
  zone: z.string().check(z.maxLength(64)),
  /** "09:00-12:00, 13:00-17:00" as somebody typed it; empty is closed all day. */
  days: z.record(z.enum(weekdays), z.string().check(z.maxLength(200))),
  /** Closed all day whatever the weekday: "2026-12-24", one a line. */
  closed: z.string().check(z.maxLength(4000)),
  /** The brand counts as away too while no agent is available. */
  whenNobody: z.boolean(),
  /** needed: the form asks for it and says why. Only the form does: a message without one is stored too, never lost (R62). */
  email: z.enum(['optional', 'needed']),
});
/** When a brand is there for chats, as it was typed. */
export type Hours = z.infer<typeof schema>;

/** From and until, in minutes after midnight of the wall clock; until is at most 1,440. */
export type Range = readonly [from: number, until: number];

/** "09:00-12:00, 13:00-17:00", a dash of any length; undefined for anything else, a range that ends before it begins, or an overlap. */
export function rangesOf(text: string): Range[] | undefined {
  const ranges: Range[] = [];
  for (const part of text.split(',').map((s) => s.trim())) {
    if (part === '' && text.trim() === '') return [];
    const found = /^([01]?\d|2[0-3]):([0-5]\d)\s*[-–—]\s*(?:([01]?\d|2[0-3]):([0-5]\d)|(24:00))$/.exec(part);
    if (!found) return undefined;
    const [, fromHour, fromMinute, hour, minute, midnight] = found;
    const from = Number(fromHour) * 60 + Number(fromMinute);
    const until = midnight ? 1440 : Number(hour) * 60 + Number(minute);
    if (until <= from || from < (ranges.at(-1)?.[1] ?? 0)) return undefined;
    ranges.push([from, until]);
  }
  return ranges;
}

/** Dates of the calendar, one a line; undefined where one is none. */
export function datesOf(text: string): string[] | undefined {
  const lines = text.split(/\s+/).filter(Boolean);
  const real = (s: string): boolean =>
    /^\d{4}-\d\d-\d\d$/.test(s) &&
    !Number.isNaN(Date.parse(`${s}T00:00:00Z`)) &&
    new Date(`${s}T00:00:00Z`).toISOString().startsWith(s);
  return lines.every(real) ? lines : undefined;
}

/** True for a time zone this hub's clock knows. */
function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** What is wrong, as the start of a sentence that ends "cannot be saved like this."; undefined where nothing is. */
function wrongIn(value: Hours): string | undefined {
  if (!isZone(value.zone)) return 'A time zone nobody knows';
  const day = weekdays.find((d) => !rangesOf(value.days[d]));
  if (day) return `${dayNames[day]}, which takes times like 09:00-12:00, 13:00-17:00, each later than the one before,`;
  if (!datesOf(value.closed)) return 'Closed dates, which take one date like 2026-12-24 a line,';
  return undefined;
}

const plain = chatSetting({
  name: 'hours',
  schema,
  standard: {
    on: false,
    zone: 'UTC',
    days: {
      mon: '09:00-17:00',
      tue: '09:00-17:00',
      wed: '09:00-17:00',
      thu: '09:00-17:00',
      fri: '09:00-17:00',
      sat: '',
      sun: '',
    },
    closed: '',
    whenNobody: false,
    email: 'optional',
  },
});

/** Working hours (R62). What is wrong with a time or a date is said by its place, with the form that is right. */
export const hoursSetting: ChatSetting<Hours> = {
  ...plain,
  check(value) {
    const read = plain.check(value);
    const wrong = 'value' in read ? wrongIn(read.value) : undefined;
    return wrong ? { wrong } : read;
  },
};
