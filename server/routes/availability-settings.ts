import { Hono } from 'hono';
import * as z from 'zod/mini';
import { hoursSetting, weekdays } from '#contract/hours.ts';
import { problem } from '#contract/problem.ts';
import { routingSetting } from '#contract/routing.ts';
import { HoursPage } from '../web/console/hours.tsx';
import { paths } from '../web/console/paths.ts';
import { RoutingPage } from '../web/console/routing.tsx';
import { placeOf } from './body.ts';
import type { Env } from './callers.ts';
import { settingRoutes } from './chat-settings.ts';
import type { HubDeps } from './deps.ts';

const yesNo = z.enum(['yes', 'no']);
const routingForm = z.strictObject({
  mode: z.enum(['manual', 'least-busy', 'round-robin']),
  limit: z.string().check(z.maxLength(10)),
});
const hoursForm = z.strictObject({
  on: yesNo,
  zone: z.string(),
  ...Object.fromEntries(weekdays.map((day) => [`day.${day}`, z.string()])),
  closed: z.string(),
  whenNobody: yesNo,
  email: z.enum(['optional', 'needed']),
});

/** A form's fields by their schema, which the page itself always fits. Raises `bad-input`. */
function fieldsOf<S extends z.ZodMiniType>(form: Record<string, string>, schema: S): z.infer<S> {
  const read = schema.safeParse(form);
  return read.success ? read.data : problem('bad-input', placeOf(read.error));
}

/** The console's pages Who gets a chat (R66) and Working hours (R62). */
export function availabilityRoutes(d: HubDeps): Hono<Env> {
  const app = new Hono<Env>();
  app.route(
    '/',
    settingRoutes(d, {
      path: paths.routing,
      title: 'Who gets a chat',
      of: routingSetting,
      parse(form) {
        const { mode, limit } = fieldsOf(form, routingForm);
        return { mode, limit: /^\d+$/.test(limit.trim()) ? Number(limit) : Number.NaN };
      },
      page: RoutingPage,
    }),
  );
  app.route(
    '/',
    settingRoutes(d, {
      path: paths.hours,
      title: 'Working hours',
      of: hoursSetting,
      parse(form) {
        const { on, zone, closed, whenNobody, email } = fieldsOf(form, hoursForm);
        const [mon, tue, wed, thu, fri, sat, sun] = weekdays.map((day) => (form[`day.${day}`] ?? '').trim());
        const days = { mon, tue, wed, thu, fri, sat, sun } as Record<(typeof weekdays)[number], string>;
        // A browser sends a line's end as two characters.
        const dates = closed.replaceAll('\r\n', '\n').trim();
        return { on: on === 'yes', zone, days, closed: dates, whenNobody: whenNobody === 'yes', email };
      },
      page: HoursPage,
    }),
  );
  return app;
}
