import { brightnessAt } from '#devices/board/brightness';
import type { BoardMode } from '#devices/board/mode';
import type { Settings } from '#devices/kind';
import { volumeAt } from '#devices/volume';
import { stepBegan } from '../desired/settings-of.ts';
import type { DeviceSummary, SettingDifference } from '../http/contract/devices.ts';

/** What the database knows of a device that bears on whether it does as it is asked. */
export interface Following {
  readonly kind: DeviceSummary['kind'];
  readonly desired_revision: number;
  readonly desired_issued_at: number | null;
  readonly reported_revision: number;
  readonly reported_at: number | null;
  readonly unreported_since: number | null;
  readonly plan_revision: number | null;
  readonly plan_sha256: string | null;
  readonly plan_issued_at: number | null;
  readonly held_plan_revision: number | null;
  readonly held_plan_sha256: string | null;
  /** When the plan that it holds ceased to be the one that it is to hold. */
  readonly held_superseded_at: number | null;
}

/** Of the last whole heartbeat; what a model does not tell is absent. */
export interface Said {
  readonly volume?: number | undefined;
  readonly muted?: boolean | undefined;
  readonly brightness?: number | undefined;
  readonly outputDelayMs?: number | undefined;
  readonly board?: { readonly mode: BoardMode } | undefined;
}

/** A board that is off on purpose, or shows an emergency, is as bright as that asks for. */
const LIT_OTHERWISE: ReadonlySet<BoardMode> = new Set(['off', 'emergency']);

/** A step of volume or of brightness has so long to be told: a heartbeat, and what it may be late. */
const TOLD_WITHIN_MS = 60_000;
/** Fractions of a millisecond that went through JSON and back are no difference. */
const SAME_DELAY_MS = 0.05;

/**
 * Where a device does otherwise than asked, and since when as far as is known: while it does not know the last revision,
 * since the first one that it missed; else since it said that it follows, or since the step of volume that it did not take.
 * @param said null for a device that was never heard: of it nothing is known.
 */
export function differences(
  row: Following,
  said: Said | null,
  settings: Settings,
  now: number,
): SettingDifference[] {
  if (said === null && row.reported_at === null) return [];
  const found: SettingDifference[] = [];
  const behind = row.reported_revision < row.desired_revision;
  const behindSince = behind ? (row.unreported_since ?? row.desired_issued_at ?? now) : null;
  const since = behindSince ?? row.reported_at ?? row.desired_issued_at ?? now;
  const compare = <V extends number | boolean>(
    field: SettingDifference['field'],
    desired: V,
    reported: V | undefined,
    same: (reported: V) => boolean = (told) => told === desired,
    from = since,
  ): void => {
    if (reported !== undefined && !same(reported)) found.push({ field, desired, reported, since: from });
  };
  if (behindSince !== null) {
    const { desired_revision: desired, reported_revision: reported } = row;
    found.push({ field: 'revision', desired, reported, since: behindSince });
  }
  if (row.kind === 'speaker') {
    const before = volumeAt(settings, now - TOLD_WITHIN_MS);
    const volume = volumeAt(settings, now);
    const began = behindSince ?? Math.max(since, stepBegan(settings.volumeSteps ?? [], now) ?? 0);
    compare('volume', volume, said?.volume, (told) => told === volume || told === before, began);
    compare('muted', settings.muted, said?.muted);
  } else if (said !== null && !LIT_OTHERWISE.has(said.board?.mode ?? 'playing')) {
    const wanted = brightnessWanted(settings, now);
    if (wanted !== null) {
      const began = behindSince ?? Math.max(since, wanted.began ?? 0);
      compare('brightness', wanted.now, said.brightness, wanted.is, began);
    }
  }
  const { outputDelayMs } = settings;
  compare(
    'outputDelayMs',
    outputDelayMs,
    said?.outputDelayMs,
    (told) => Math.abs(told - outputDelayMs) < SAME_DELAY_MS,
  );
  if (row.plan_sha256 !== row.held_plan_sha256 && row.plan_revision !== null) {
    found.push({
      field: 'plan',
      desired: row.plan_revision,
      reported: row.held_plan_revision,
      since: row.held_superseded_at ?? row.plan_issued_at ?? since,
    });
  }
  return found;
}

/**
 * How bright a board is to be now by its rule, and whether what it told is that: between a minute ago and now, and a
 * percent either way where the sun decides and rounding does. Null where its own sensor decides, which nobody foretells.
 */
function brightnessWanted(
  { brightness: fixed, board }: Settings,
  now: number,
): { readonly now: number; readonly began: number | null; is(told: number): boolean } | null {
  const rule = board?.brightness;
  if (rule?.by === 'sensor') return null;
  const at = (moment: number): number => brightnessAt(rule, fixed, moment).brightness;
  const range = [at(now - TOLD_WITHIN_MS), at(now)];
  return {
    now: at(now),
    began: rule?.by === 'time' ? stepBegan(rule.steps, now) : null,
    is: (told) =>
      rule?.by === 'sun'
        ? told >= Math.min(...range) - 1 && told <= Math.max(...range) + 1
        : range.includes(told),
  };
}
