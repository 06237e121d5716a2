import { endUnder, guardAgainst, silencedBy } from '#devices/guards';
import { LIVE_TYPE, type PriorityClass } from '#devices/plan';
import { SCENE_TYPE } from '#devices/scene';
import { Failure } from '../failure.ts';
import { clockOf, nextAllowed } from '../guards/hours.ts';
import type { SiteGuards } from '../guards/site-guards.ts';
import type { Composition } from './compose.ts';

/**
 * What may go on the air of what was composed: without its music on a day of mourning. Where only some areas have their
 * quiet hours, the devices there refuse it themselves, and say so.
 * @param asked.devices those that it is heard on; boards make no noise, and are asked nothing.
 * @param at when it starts, epoch ms.
 * @param unheeded devices will take it for an emergency, which they refuse at no hour: then quiet hours anywhere among
 *   them are a reason against all of it.
 * @throws Failure 422 `quiet-hours`, `mourning-day`, `too-long`; never for an emergency.
 */
export function underGuards(
  guards: SiteGuards,
  composition: Composition,
  asked: {
    readonly priority: PriorityClass;
    readonly devices: Iterable<string>;
    readonly at: number;
    readonly unheeded?: boolean;
  },
): Composition {
  const { priority, devices, at: startAt, unheeded = false } = asked;
  if (priority === 'emergency') return composition;
  const { title, parts, durationMs } = composition;
  const parties = guards.among(devices);
  const own = guards.site.guardsAt(startAt);
  const all = { priority, startAt, endAt: startAt + durationMs, parts };
  const reasons = parties.map(({ hours }) => guardAgainst(hours.guardsAt(startAt), all));
  const quiet = (reason: (typeof reasons)[number]): boolean => reason === 'quiet-hours';
  if (unheeded ? reasons.some(quiet) : reasons.every(quiet)) {
    const time = clockOf(guards.zone.toLocal(startAt));
    const next = nextAllowed(guards.zone, parties, startAt) ?? '';
    throw new Failure(
      'quiet-hours',
      `“${title}” is not put on the air at ${time}: these are the quiet hours${next === '' ? '' : `, until ${next}`}. Only an emergency is above them.`,
      { status: 422, params: { title, at: startAt, time, otherHalf: '', nextAllowed: next } },
    );
  }
  if (reasons.includes('mourning-day')) {
    throw new Failure('mourning-day', `“${title}” is music, and today is a day of mourning.`, {
      status: 422,
      params: { title, at: startAt },
    });
  }
  // Of live sound nobody knows how long it will be: it is cut off when its time is up.
  const live = parts.some(({ renditions }) => renditions.some(({ type }) => type === LIVE_TYPE));
  if (!live && endUnder(own, all) < all.endAt) {
    const longestMinutes = Math.floor((own.longestMs ?? durationMs) / 60_000);
    throw new Failure(
      'too-long',
      `“${title}” lasts longer than the ${longestMinutes} minutes that are allowed. Shorten it, or play a part of it.`,
      { status: 422, params: { title, longestMinutes } },
    );
  }
  const heard = parts.flatMap((part) => (silencedBy(own, all, part) ? shownAlone(part) : [part]));
  return { ...composition, parts: heard };
}

/** What of a part that is silent boards show all the same. */
function shownAlone(part: Composition['parts'][number]): Composition['parts'] {
  const renditions = part.renditions.filter(({ type }) => type === SCENE_TYPE);
  return renditions.length === 0 ? [] : [{ ...part, renditions }];
}
