import type { Plan, PlanOccurrence, PlanPart } from '#devices/plan';

/**
 * Whether two plans ask the same of a device from `now` on, for as long as both reach: then the one that it holds
 * need not be issued again. What is over no longer matters, and a later `validUntil` alone never does; but a plan that
 * has run out is like no other, since the device no longer knows what to play.
 */
export function sameDuties(a: Plan, b: Plan, now: number): boolean {
  const from = Math.max(now, a.validFrom, b.validFrom);
  const to = Math.min(a.validUntil, b.validUntil);
  if (!(from < to)) return false;
  const inBoth = ({ startAt, endAt }: PlanOccurrence) => endAt > from && startAt < to;
  const ours = a.occurrences.filter(inBoth);
  const theirs = b.occurrences.filter(inBoth);
  return (
    ours.length === theirs.length &&
    ours.every((one, index) => sameOccurrence(one, theirs[index]!)) &&
    withheldIn(a) === withheldIn(b)
  );

  function withheldIn({ withheld = [] }: Plan): string {
    return withheld
      .filter(inBoth)
      .map(({ id, title, endAt, reason }) => `${id} ${endAt} ${reason} ${title}`)
      .join('\n');
  }
}

function sameOccurrence(a: PlanOccurrence, b: PlanOccurrence): boolean {
  return (
    a.id === b.id &&
    a.schedule === b.schedule &&
    a.title === b.title &&
    a.priority === b.priority &&
    a.resume === b.resume &&
    a.startAt === b.startAt &&
    a.endAt === b.endAt &&
    a.notAfter === b.notAfter &&
    a.gainDb === b.gainDb &&
    a.loopMs === b.loopMs &&
    sameParts(a.parts, b.parts)
  );
}

function sameParts(a: readonly PlanPart[], b: readonly PlanPart[]): boolean {
  return a === b || (a.length === b.length && a.every((part, index) => samePart(part, b[index]!)));
}

function samePart(a: PlanPart, b: PlanPart): boolean {
  return (
    a.sha256 === b.sha256 &&
    a.type === b.type &&
    a.offsetMs === b.offsetMs &&
    a.durationMs === b.durationMs &&
    a.role === b.role &&
    a.programme === b.programme &&
    a.music === b.music &&
    a.title === b.title
  );
}
