import type { Schedule, ScheduleBody } from '#controller/http/contract/schedules';
import type { Rule } from '#schedules/rule';

export type RuleKind = Rule['kind'];
type Body = Omit<ScheduleBody, 'timetable'> & { timetable: Omit<Schedule['timetable'], 'zone'> };

/** The form: every kind of rule keeps what was typed into it, so that trying another kind loses nothing. */
export interface Draft {
  title: string;
  /** `programme:{id}`, `playlist:{id}` or `relay:{id}` */
  content: string | null;
  /** How long a stream is relayed each time. */
  relayMinutes: number;
  kind: RuleKind;
  times: string[];
  date: string;
  everyDays: number;
  weekdays: number[];
  monthDays: number[];
  lunarDays: { month: number | null; day: number }[];
  leapMonths: boolean;
  cron: string;
  startDate: string | null;
  endDate: string | null;
  exceptDates: string[];
  count: number;
  gapSeconds: number;
  /** `{kind}:{id}` */
  targets: string[];
  priority: ScheduleBody['priority'];
  resume: ScheduleBody['resume'];
  latenessMinutes: number;
  gainDb: number;
  /** How long boards show it: once through, for so many minutes, or until the day is over. */
  boardWay: 'once' | 'minutes' | 'day';
  boardMinutes: number;
  enabled: boolean;
}

export const freshDraft = (date: string, programme: string | undefined): Draft => ({
  title: '',
  content: programme === undefined ? null : `programme:${programme}`,
  relayMinutes: 30,
  kind: 'daily',
  times: ['06:00'],
  date,
  everyDays: 1,
  weekdays: [1, 2, 3, 4, 5],
  monthDays: [1],
  lunarDays: [
    { month: null, day: 1 },
    { month: null, day: 15 },
  ],
  leapMonths: true,
  cron: '0 6 * * *',
  startDate: null,
  endDate: null,
  exceptDates: [],
  count: 1,
  gapSeconds: 5,
  targets: ['all:'],
  priority: 'scheduled',
  resume: 'resume',
  latenessMinutes: 5,
  gainDb: 0,
  boardWay: 'once',
  boardMinutes: 60,
  enabled: true,
});

export function draftOf(schedule: Schedule, date: string): Draft {
  const { rule, startDate, endDate, exceptDates, repeat } = schedule.timetable;
  const fresh = freshDraft(date, undefined);
  return {
    ...fresh,
    title: schedule.title,
    content: `${schedule.content.kind}:${schedule.content.id}`,
    relayMinutes: schedule.content.minutes ?? fresh.relayMinutes,
    kind: rule.kind,
    times: rule.kind === 'cron' ? fresh.times : rule.times,
    date: rule.kind === 'once' ? rule.date : date,
    everyDays: rule.kind === 'daily' ? rule.everyDays : 1,
    weekdays: rule.kind === 'weekly' ? rule.weekdays : fresh.weekdays,
    monthDays: rule.kind === 'monthly' ? rule.days : fresh.monthDays,
    lunarDays: rule.kind === 'lunar' ? rule.days : fresh.lunarDays,
    leapMonths: rule.kind === 'lunar' ? rule.leapMonths : fresh.leapMonths,
    cron: rule.kind === 'cron' ? rule.expression : fresh.cron,
    startDate,
    endDate,
    exceptDates,
    count: repeat.count,
    gapSeconds: repeat.gapMs / 1000,
    targets: schedule.targets.map(({ kind, id }) => `${kind}:${kind === 'all' ? '' : id}`),
    priority:
      schedule.priority === 'priority' || schedule.priority === 'background'
        ? schedule.priority
        : 'scheduled',
    resume: schedule.resume,
    latenessMinutes: schedule.maxLatenessMs / 60_000,
    gainDb: schedule.gainDb,
    ...boardOf(schedule),
    enabled: schedule.enabled,
  };
}

export type Lack =
  | 'title'
  | 'content'
  | 'times'
  | 'weekdays'
  | 'monthDays'
  | 'lunarDays'
  | 'cron'
  | 'targets'
  | 'dates';

/** What is still missing before it can be foretold or saved. */
export function lacks(draft: Draft): Lack[] {
  const missing: Lack[] = [];
  if (draft.title.trim() === '') missing.push('title');
  if (draft.content === null) missing.push('content');
  if (draft.kind !== 'cron' && (draft.times.length === 0 || draft.times.some((time) => time === '')))
    missing.push('times');
  if (draft.kind === 'weekly' && draft.weekdays.length === 0) missing.push('weekdays');
  if (draft.kind === 'monthly' && draft.monthDays.length === 0) missing.push('monthDays');
  if (draft.kind === 'lunar' && draft.lunarDays.length === 0) missing.push('lunarDays');
  if (draft.kind === 'cron' && draft.cron.trim().length < 9) missing.push('cron');
  if (draft.targets.length === 0) missing.push('targets');
  if (draft.startDate !== null && draft.endDate !== null && draft.endDate < draft.startDate)
    missing.push('dates');
  return missing;
}

export function ruleOf(draft: Draft): Rule {
  const times = [...new Set(draft.times)].toSorted();
  switch (draft.kind) {
    case 'once':
      return { kind: 'once', date: draft.date, times };
    case 'daily':
      return { kind: 'daily', times, everyDays: draft.everyDays };
    case 'weekly':
      return { kind: 'weekly', times, weekdays: draft.weekdays };
    case 'monthly':
      return { kind: 'monthly', times, days: draft.monthDays };
    case 'lunar':
      return { kind: 'lunar', times, days: draft.lunarDays, leapMonths: draft.leapMonths };
    case 'cron':
      return { kind: 'cron', expression: draft.cron.trim() };
  }
}

const split = (reference: string): [kind: string, id: string] => {
  const at = reference.indexOf(':');
  return [reference.slice(0, at), reference.slice(at + 1)];
};

const targetOf = (reference: string): Body['targets'][number] => {
  const [kind, id] = split(reference);
  return { kind: kind === 'device' || kind === 'group' || kind === 'area' ? kind : 'all', id };
};

export const isRelay = ({ content }: Pick<Draft, 'content'>): boolean =>
  content?.startsWith('relay:') === true;

function contentOf({ content, relayMinutes }: Draft): Body['content'] {
  const [kind, id] = split(content ?? ':');
  if (kind === 'relay') return { kind, id, minutes: relayMinutes };
  return { kind: kind === 'playlist' ? 'playlist' : 'programme', id };
}

const MINUTES_A_DAY = 1_440;

/** From the last start of a day until midnight: no start then meets the one before. Null where the times are not known. */
export function untilMidnight({ kind, times }: Pick<Draft, 'kind' | 'times'>): number | null {
  if (kind === 'cron') return null;
  const last = times
    .filter((time) => time !== '')
    .toSorted()
    .at(-1);
  if (last === undefined) return null;
  const [hour = 0, minute = 0] = last.split(':').map(Number);
  return MINUTES_A_DAY - hour * 60 - minute;
}

function boardMinutesOf(draft: Draft): number | null {
  if (draft.boardWay === 'once') return null;
  return (draft.boardWay === 'day' ? untilMidnight(draft) : null) ?? draft.boardMinutes;
}

function boardOf({ boardMinutes, timetable: { rule } }: Schedule): Pick<Draft, 'boardWay' | 'boardMinutes'> {
  if (boardMinutes === null) return { boardWay: 'once', boardMinutes: 60 };
  const times = rule.kind === 'cron' ? [] : rule.times;
  const whole = untilMidnight({ kind: rule.kind, times }) === boardMinutes;
  return { boardWay: whole ? 'day' : 'minutes', boardMinutes };
}

/** What is sent. Only for a draft that lacks nothing. */
export function bodyOf(draft: Draft): Body {
  const relay = isRelay(draft);
  return {
    title: draft.title.trim(),
    content: contentOf(draft),
    timetable: {
      rule: ruleOf(draft),
      startDate: draft.kind === 'once' ? null : draft.startDate,
      endDate: draft.kind === 'once' ? null : draft.endDate,
      exceptDates: draft.kind === 'once' ? [] : draft.exceptDates.toSorted(),
      // What is on the air elsewhere cannot be played twice.
      repeat: { count: relay ? 1 : draft.count, gapMs: Math.round(draft.gapSeconds * 1000) },
    },
    targets: draft.targets.map(targetOf),
    priority: draft.priority,
    resume: relay ? 'join' : draft.resume,
    maxLatenessMs: Math.round(draft.latenessMinutes * 60_000),
    gainDb: draft.gainDb,
    boardMinutes: relay ? null : boardMinutesOf(draft),
    enabled: draft.enabled,
  };
}

/** The same times so many minutes later or earlier, kept within the day. */
export function moved(times: readonly string[], minutes: number): string[] {
  return times.map((time) => {
    const [hour = 0, minute = 0] = time.split(':').map(Number);
    const at = Math.min(23 * 60 + 59, Math.max(0, hour * 60 + minute + minutes));
    return `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}${time.slice(5)}`;
  });
}
