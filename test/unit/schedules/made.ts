import { createHash } from 'node:crypto';
import { type ContentItem, layOut } from '#schedules/content';
import type { Rule } from '#schedules/rule';
import type { TargetedSchedule } from '#schedules/schedule';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const sha = (text: string) => createHash('sha256').update(text).digest('hex');

/** A programme to be heard, of so many minutes. */
export function sound(name: string, minutes: number): ContentItem {
  return {
    programme: name,
    title: `Programme ${name}`,
    durationMs: minutes * MINUTE,
    audio: {
      opus: { sha256: sha(`${name}.opus`), bytes: 1000 },
      mp3: { sha256: sha(`${name}.mp3`), bytes: 2000 },
    },
    scene: null,
  };
}

/** A notice to be seen. */
export function notice(name: string, minutes: number): ContentItem {
  return {
    programme: name,
    title: `Notice ${name}`,
    durationMs: minutes * MINUTE,
    audio: null,
    scene: { sha256: sha(`${name}.scene`), bytes: 300 },
  };
}

export const daily = (...times: string[]): Rule => ({ kind: 'daily', times, everyDays: 1 });

export interface Made extends Partial<Omit<TargetedSchedule, 'devices' | 'timetable'>> {
  rule: Rule;
  minutes?: number;
  zone?: string;
  devices?: string[];
}

/** A schedule with one programme of `minutes` (10) on device `speaker-1`, in Vietnam, unless said otherwise. */
export function made(
  id: string,
  { rule, minutes = 10, zone, devices = ['speaker-1'], ...more }: Made,
): TargetedSchedule {
  const repeat = { count: 1, gapMs: 0 };
  return {
    id,
    title: `Schedule ${id}`,
    timetable: {
      rule,
      zone: zone ?? 'Asia/Ho_Chi_Minh',
      startDate: null,
      endDate: null,
      exceptDates: [],
      repeat,
    },
    priority: 'scheduled',
    resume: 'resume',
    maxLatenessMs: 5 * MINUTE,
    gainDb: 0,
    content: layOut({ chime: null, items: [sound(id, minutes)], repeat }),
    devices: new Set(devices),
    ...more,
  };
}
