import { type GuardReason, guardAgainst } from '#devices/guards';
import { isSilent } from '#schedules/duties';
import { nextStarts, startsIn } from '#schedules/occurrences';
import type { Schedule } from '#schedules/schedule';
import type { Timetable } from '#schedules/timetable';
import { Failure } from '../failure.ts';
import { type AreaHours, clockOf, nextAllowed, otherHalf, type Party } from '../guards/hours.ts';
import type { SiteGuards } from '../guards/site-guards.ts';
import type { GuardFinding } from '../http/contract/schedules.ts';

/** Five weeks show everything that comes back daily, weekly or monthly. */
const WINDOW_MS = 35 * 86_400_000;
const MOST_STARTS = 2_000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** A schedule, saved or not. */
export interface Candidate {
  readonly timetable: Timetable;
  readonly priority: Schedule['priority'];
  /** Null while its sound is not ready: then only its hours are known. */
  readonly content: Schedule['content'] | null;
  readonly devices: ReadonlySet<string>;
}

/**
 * What of a schedule's coming occurrences the guards forbid: first what is forbidden wherever it is to be heard, then
 * what some areas do not hear. Each reason is told once, with the first occurrence that it meets.
 */
export function guardFindings(guards: SiteGuards, candidate: Candidate, now: number): GuardFinding[] {
  const { timetable, devices } = candidate;
  const [first] = nextStarts(timetable, now, 1);
  if (first === undefined || (candidate.content !== null && isSilent(candidate.content.parts))) return [];
  const starts = startsIn(timetable, { from: first, to: first + WINDOW_MS }, MOST_STARTS);
  const parties = guards.among(devices);
  const met = new Map<
    string,
    { refused: boolean; reason: GuardReason; hit: number[]; parties: Set<Party> }
  >();
  for (const startAt of starts) {
    const reasons = parties.map(({ hours }) => reasonAt(candidate, hours, startAt));
    const everywhere = reasons.every((reason) => reason !== null);
    for (const [index, reason] of reasons.entries()) {
      const party = parties[index];
      if (reason === null || party === undefined) continue;
      const key = `${everywhere} ${reason}`;
      const known = met.get(key) ?? { refused: everywhere, reason, hit: [], parties: new Set() };
      if (known.hit.at(-1) !== startAt) known.hit.push(startAt);
      known.parties.add(party);
      met.set(key, known);
    }
  }
  return [...met.values()]
    .map(({ refused, reason, hit, parties: quiet }) => ({
      reason,
      // One day of mourning among many is no reason against a daily song; the song is silent on it.
      refused: refused && (reason !== 'mourning-day' || hit.length === starts.length),
      at: hit[0] ?? first,
      ...suggestions(guards, parties, reason, hit[0] ?? first),
      times: hit.length,
      devices: [...quiet].reduce((sum, party) => sum + party.devices, 0),
      areas: [...quiet].flatMap(({ hours }) => hours.area ?? []),
      longestMinutes: Math.floor((parties[0]?.hours.guardsAt(first).longestMs ?? DAY_MS) / MINUTE_MS),
    }))
    .sort((one, other) => Number(other.refused) - Number(one.refused) || one.at - other.at);
}

/** @throws Failure 422 `quiet-hours`, `too-long`, `mourning-day`: these are not to be accepted, only mended. */
export function refuseGuarded(findings: readonly GuardFinding[]): void {
  const worst = findings.find(({ refused }) => refused);
  if (worst === undefined) return;
  const { reason, at, time, otherHalf, nextAllowed, times, devices, longestMinutes } = worst;
  const detail = {
    'quiet-hours':
      `${time} lies in the quiet hours. ${otherHalf === null ? '' : `Did you mean ${otherHalf}? `}` +
      (nextAllowed === null
        ? 'Nothing is allowed on any hour of that day.'
        : `The next time allowed is ${nextAllowed}.`),
    'too-long': `It would last longer than the ${longestMinutes} minutes that are allowed. Shorten it, or repeat it less often.`,
    'mourning-day':
      'It is nothing but music, and every time that it is due is a day of mourning. Choose other days.',
  } as const;
  throw new Failure(reason, detail[reason], {
    status: 422,
    params: {
      at,
      time,
      otherHalf: otherHalf ?? '',
      nextAllowed: nextAllowed ?? '',
      times,
      devices,
      longestMinutes,
    },
  });
}

function reasonAt({ priority, content }: Candidate, hours: AreaHours, startAt: number): GuardReason | null {
  const parts = content?.parts ?? [];
  const endAt = startAt + (content?.durationMs ?? 0);
  return guardAgainst(hours.guardsAt(startAt), { priority, startAt, endAt, parts });
}

/** Times of the wall clock at which it would be heard. */
function suggestions(
  { zone }: SiteGuards,
  parties: readonly Party[],
  reason: GuardReason,
  at: number,
): Pick<GuardFinding, 'time' | 'otherHalf' | 'nextAllowed'> {
  const time = clockOf(zone.toLocal(at));
  if (reason !== 'quiet-hours') return { time, otherHalf: null, nextAllowed: null };
  return {
    time,
    otherHalf: otherHalf(zone, parties, at),
    nextAllowed: nextAllowed(zone, parties, at),
  };
}
