import { type Guards, guardAgainst, silencedBy } from '#devices/guards';
import type { Codec, DeviceKind } from '#devices/kind';
import type { MediaType, PlanBlob, PlanOccurrence, PlanPart, WithheldOccurrence } from '#devices/plan';
import { SCENE_TYPE } from '#devices/scene';
import type { BlobRef, Part } from './content.ts';
import { startsIn, type Window } from './occurrences.ts';
import { asSeenBy, contentFor, longestMs, occurrenceId, type Schedule } from './schedule.ts';

/** All that a plan depends on besides the schedules: two devices of one class with the same duties share a plan. */
export interface DeviceClass {
  readonly kind: DeviceKind;
  /** What a speaker decodes; null for a board. */
  readonly codec: Codec | null;
  /** The guards where it hangs; absent: there are none. */
  readonly hours?: Hours;
}

/** What is allowed when, for devices in some area of the site. */
export interface Hours {
  /** The same for devices with the same guards; `` for those of the whole site. */
  readonly key: string;
  /** The guards as they stand on the wall clock of a moment, epoch ms: it moves against UTC with the season. */
  guardsAt(at: number): Guards;
}

/** The file that a class of devices plays for a part, or null when the part is not for it. */
export function mediaFor(part: Part, { kind, codec }: DeviceClass): (BlobRef & { type: MediaType }) | null {
  if (kind === 'board') {
    return part.scene === null
      ? null
      : { sha256: part.scene.sha256, bytes: part.scene.bytes, type: SCENE_TYPE };
  }
  if (part.audio === null || codec === null) return null;
  return codec === 'opus'
    ? { ...part.audio.opus, type: 'audio/ogg' }
    : { ...part.audio.mp3, type: 'audio/mpeg' };
}

/** The kinds of devices for which a schedule has anything to play. */
export function kindsOf(schedule: Schedule): DeviceKind[] {
  const programmes = schedule.content.parts.filter(({ role }) => role === 'programme');
  const kinds: DeviceKind[] = [];
  if (programmes.some(({ audio, live }) => audio !== null || live === true)) kinds.push('speaker');
  if (programmes.some(({ scene }) => scene !== null)) kinds.push('board');
  return kinds;
}

/** Whether there is nothing in it for ears: the guards of the night have nothing to say about it. */
export const isSilent = (parts: readonly Pick<Part, 'audio' | 'live' | 'role'>[]): boolean =>
  parts.every(({ role, audio, live }) => role === 'chime' || (audio === null && live !== true));

/** The duties of one schedule for one class in one window. Parts are shared by all occurrences. */
export interface Duties {
  readonly occurrences: readonly PlanOccurrence[];
  /** What a guard forbids. */
  readonly withheld: readonly WithheldOccurrence[];
  readonly blobs: readonly PlanBlob[];
}

const NOTHING: Duties = { occurrences: [], withheld: [], blobs: [] };

/**
 * What one schedule asks of a class of devices. A schedule of which the class can play nothing but the chime asks
 * nothing of it. Occurrences under way at `window.from` are in it. What a guard forbids is withheld; music is left out
 * of what is due on a day of mourning.
 *
 * @param starts of the schedule, as `startsFor` gives them for the class's kind.
 */
export function dutiesOf(schedule: Schedule, device: DeviceClass, starts: readonly number[]): Duties {
  const parts: PlanPart[] = [];
  const blobs = new Map<string, PlanBlob>();
  let hasProgramme = false;
  const { loopMs } = device.kind === 'board' ? (schedule.content.boards ?? {}) : {};
  const { id, title, priority, resume, maxLatenessMs, gainDb, content } = asSeenBy(schedule, device.kind);
  for (const part of content.parts) {
    const media = mediaFor(part, device);
    if (media === null) continue;
    const { role, programme, title, offsetMs, durationMs, music } = part;
    const { sha256, type } = media;
    hasProgramme ||= role === 'programme';
    parts.push({
      ...{ role, programme, title, sha256, type, offsetMs, durationMs },
      ...(music === true ? { music } : {}),
    });
    blobs.set(media.sha256, { sha256: media.sha256, bytes: media.bytes, type: media.type });
    if (device.kind === 'board') for (const file of part.scene?.files ?? []) blobs.set(file.sha256, file);
  }
  if (!hasProgramme) return NOTHING;
  const planned = starts.map((startAt) => ({
    id: occurrenceId(id, startAt),
    schedule: id,
    title,
    priority,
    resume,
    startAt,
    endAt: startAt + content.durationMs,
    notAfter: startAt + maxLatenessMs,
    gainDb,
    parts,
    ...(loopMs === undefined ? {} : { loopMs }),
  }));
  const { occurrences, withheld } =
    device.hours === undefined ? { occurrences: planned, withheld: [] } : guarded(planned, device.hours);
  return { occurrences, withheld, blobs: occurrences.length === 0 ? [] : [...blobs.values()] };
}

/** What is left of what is planned, under the guards of each moment. */
function guarded(planned: readonly PlanOccurrence[], hours: Hours): Omit<Duties, 'blobs'> {
  const occurrences: PlanOccurrence[] = [];
  const withheld: WithheldOccurrence[] = [];
  // One list for all days of mourning, as there is one for all others.
  let spoken: PlanPart[] | undefined;
  for (const occurrence of planned) {
    const guards = hours.guardsAt(occurrence.startAt);
    const reason = guardAgainst(guards, occurrence);
    if (reason !== null) withheld.push({ ...occurrence, reason });
    else if (occurrence.parts.some((part) => silencedBy(guards, occurrence, part))) {
      spoken ??= occurrence.parts.filter(({ music }) => music !== true);
      occurrences.push({ ...occurrence, parts: spoken });
    } else occurrences.push(occurrence);
  }
  return { occurrences, withheld };
}

/**
 * What the contract lets one plan hold, and so as far as anybody looks ahead; a plan that would hold more ends
 * earlier (`plan.ts`). One more than it, so that whoever looks can tell.
 */
export const MAX_OCCURRENCES = 20_000;

/**
 * The starts of a schedule that matter in a window: those in it, and those before it that are still under way on a kind
 * of device, or on any; the first `MAX_OCCURRENCES + 1` of them.
 */
export function startsFor(schedule: Schedule, window: Window, kind?: DeviceKind): number[] {
  const durationMs = kind === undefined ? longestMs(schedule) : contentFor(schedule, kind).durationMs;
  if (durationMs <= 0) return [];
  // A start exactly one duration before the window has ended when it begins.
  const from = Math.floor(window.from - durationMs) + 1;
  return startsIn(schedule.timetable, { from, to: window.to }, MAX_OCCURRENCES + 1);
}
