import { arbitrate, type Claim } from '#devices/arbitrate';
import { partAt } from '#devices/board/loop';
import type { PlanOccurrence } from '#devices/plan';

/** What has a claim to a board now, and by what it is told to it. */
export interface BoardClaim {
  readonly occurrence: PlanOccurrence;
  /** Null: by its plan. */
  readonly broadcast: string | null;
}

/** What is to stand there, and since when without a break. */
export interface Chosen {
  readonly claim: BoardClaim;
  readonly since: number;
  /** The part of it that is due; null between two. */
  readonly part: PlanOccurrence['parts'][number] | null;
}

interface Actor extends Claim {
  readonly claim: BoardClaim;
  progress?: Exclude<Claim['progress'], undefined>;
}

/**
 * What a board that was on all the time shows at a moment, by the devices' own rule: what it shows stands until its end
 * whatever comes between. What was over before is not looked at: of what goes round after an interruption by it, another
 * part may stand.
 * @param now epoch ms.
 */
export function chosenAmong(claims: readonly BoardClaim[], now: number): Chosen | null {
  const actors = claims
    .filter(({ occurrence }) => occurrence.startAt <= now && occurrence.endAt > now)
    .map(
      (claim): Actor => ({
        ...{ id: claim.occurrence.id, priority: claim.occurrence.priority, resume: claim.occurrence.resume },
        ...{
          startAt: claim.occurrence.startAt,
          endAt: claim.occurrence.endAt,
          notAfter: claim.occurrence.endAt,
        },
        ...{ stands: true, claim },
      }),
    );
  let playing: Actor | null = null;
  for (const at of [...new Set(actors.map(({ startAt }) => startAt))].sort((one, other) => one - other)) {
    const { playing: chosen } = arbitrate(actors, at);
    const next: Actor | null = chosen?.claim ?? null;
    if (next === playing) continue;
    if (playing?.progress?.state === 'playing') {
      const { since, fromMs } = playing.progress;
      playing.progress = { state: 'interrupted', since: at, positionMs: fromMs + at - since };
    }
    if (chosen !== null) chosen.claim.progress = { state: 'playing', since: at, fromMs: chosen.fromMs };
    playing = next;
  }
  if (playing?.progress?.state !== 'playing') return null;
  const { since, fromMs } = playing.progress;
  const { part } = partAt(playing.claim.occurrence, fromMs + now - since);
  return { claim: playing.claim, since, part };
}
