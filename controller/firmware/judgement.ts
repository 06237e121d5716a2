/** How a rollout stands: what became of the devices of the stages that have begun. */
export interface Standing {
  /** Devices of all the stages that have begun. */
  readonly begun: number;
  readonly committed: number;
  /** Without those that a person let pass. */
  readonly failed: number;
  /**
   * Of the present stage, and in the last one of those before it too: how many are not done, how many of these are away.
   * `stageCommitted`: of the present stage alone.
   */
  readonly open: number;
  readonly openAway: number;
  readonly stageCommitted: number;
  /** How long the present stage has been under way, ms. */
  readonly forMs: number;
  readonly lastStage: boolean;
  readonly failureLimitPercent: number;
}

/** `substitute`: everybody of the stage is away; somebody who is there takes a turn now. */
export type Judgement = 'halt' | 'wait' | 'advance' | 'substitute' | 'done';

/** A share is told of so many devices at least (or of all, where there are fewer): one of three is no third. */
const SAMPLE = 10;
/** Devices that are away hold a stage up for so long, and the whole rollout for so long. */
export const PATIENCE_MS = 30 * 60_000;
export const GIVE_UP_MS = 30 * 86_400_000;

/**
 * What comes next. A stage is over when each of its devices has committed, or failed within the limit. Devices that are
 * away wait for their turn without holding the others up for longer than the patience, once one of the stage has
 * committed: the stage has then shown what it is for.
 */
export function judge(standing: Standing, patienceMs = PATIENCE_MS): Judgement {
  const { begun, committed, failed, open, openAway, stageCommitted, forMs, lastStage } = standing;
  const tried = Math.max(committed + failed, Math.min(begun, SAMPLE));
  if (failed > 0 && failed * 100 > standing.failureLimitPercent * tried) return 'halt';
  if (open === 0) return lastStage ? 'done' : 'advance';
  if (lastStage) return forMs >= GIVE_UP_MS ? 'done' : 'wait';
  if (openAway < open || forMs < patienceMs) return 'wait';
  return stageCommitted > 0 ? 'advance' : 'substitute';
}
