import { createHash } from 'node:crypto';

/**
 * How many devices begin in each stage. A stage is the share of all devices, in percent, that it ends with; 0 stands for
 * one device. A share that adds nobody makes an empty stage.
 * @param stages such as `[0, 10, 100]`: of 50 devices 1, then 4 more, then the other 45.
 */
export function stageSizes(devices: number, stages: readonly number[]): number[] {
  let chosen = 0;
  return stages.map((share) => {
    const upTo = share === 0 ? 1 : Math.ceil((devices * share) / 100);
    const size = Math.max(0, Math.min(devices, upTo) - chosen);
    chosen += size;
    return size;
  });
}

export interface Candidate {
  readonly id: string;
  readonly online: boolean;
}

/**
 * Whose turn is when: devices that are there first, since a device that is away proves nothing; among them an order that
 * is as good as random, so that the first few are not all of one street, and the same whenever it is asked for.
 * @param seed the rollout's id.
 * @returns device id and stage, in order; devices beyond the last stage's share are left out.
 */
export function assignStages(
  candidates: readonly Candidate[],
  stages: readonly number[],
  seed: string,
): { id: string; stage: number }[] {
  const order = candidates
    .map(({ id, online }) => ({
      id,
      online,
      lot: createHash('sha256').update(`${seed} ${id}`).digest('hex'),
    }))
    .sort((one, other) => Number(other.online) - Number(one.online) || (one.lot < other.lot ? -1 : 1));
  const turns: { id: string; stage: number }[] = [];
  for (const [stage, size] of stageSizes(candidates.length, stages).entries()) {
    for (const { id } of order.slice(turns.length, turns.length + size)) turns.push({ id, stage });
  }
  return turns;
}
