import { z } from 'zod';
import type { Guards } from '#devices/guards';
import { Quirks, type Settings, type VolumeStep } from '#devices/kind';
import { TimedVolume } from '../http/contract/devices.ts';
import type { BoardRow, BoardSite } from './board-settings.ts';
import { utcMinute } from './wall-minute.ts';

/** What {@link settingsOf} needs of a device `d` and its model `m`; to be selected with {@link OF_MODEL} joined. */
export interface SettingsRow extends BoardRow {
  readonly volume: number;
  readonly muted: number;
  readonly brightness: number;
  readonly volume_by_time: string;
  /** Of model and trim together. */
  readonly output_delay_ms: number;
  readonly quirks: string | null;
}

/** The delay that was measured on the model, or else what the device told at its birth, and its own trim. */
export const SETTINGS_COLUMNS = `d.kind, d.board, d.area_id, d.latitude, d.longitude, d.volume, d.muted, d.brightness, d.volume_by_time, m.quirks,
  max(0, min(2000, d.output_delay_trim_ms +
    coalesce(m.output_delay_ms, json_extract(d.capabilities, '$.outputDelayMs'), 0))) AS output_delay_ms`;
export const OF_MODEL = 'LEFT JOIN device_model m ON m.kind = d.kind AND m.model = d.model';

const MINUTE_MS = 60_000;
const MINUTES_A_DAY = 1_440;

/**
 * What a device is to hold. Absent rather than empty, so that a device without steps and quirks keeps the document that
 * it had before there were any.
 * @param offsetMs of the site's wall clock from UTC, now.
 * @param guards of the area that it hangs in, by the same clock. A board has none: it makes no noise.
 */
export function settingsOf(
  row: SettingsRow,
  offsetMs: number,
  guards: Guards | undefined,
  boards: BoardSite,
): Settings {
  const steps = stepsOf(volumeByTimeOf(row), offsetMs);
  const quirks = quirksOf(row);
  const own =
    row.kind === 'board' ? { board: boards.settingsOf(row) } : guards === undefined ? {} : { guards };
  return {
    volume: row.volume,
    muted: row.muted === 1,
    brightness: row.brightness,
    outputDelayMs: row.output_delay_ms,
    ...(steps.length === 0 ? {} : { volumeSteps: steps }),
    ...(Object.keys(quirks).length === 0 ? {} : { quirks }),
    ...own,
  };
}

export const volumeByTimeOf = ({
  volume_by_time: text,
}: Pick<SettingsRow, 'volume_by_time'>): TimedVolume[] =>
  text === '[]' ? [] : z.array(TimedVolume).parse(JSON.parse(text));

export const quirksOf = ({ quirks }: Pick<SettingsRow, 'quirks'>): Quirks =>
  quirks === null || quirks === '{}' ? {} : Quirks.parse(JSON.parse(quirks));

/** Times of the site's wall clock as minutes of the UTC day, ascending. */
export function stepsOf(byTime: readonly TimedVolume[], offsetMs: number): VolumeStep[] {
  return byTime
    .map(({ from, volume }) => ({ minute: utcMinute(from, offsetMs), volume }))
    .sort((one, other) => one.minute - other.minute);
}

/** When the step that holds at `now` began, epoch ms; null without steps. */
export function stepBegan(steps: readonly { readonly minute: number }[], now: number): number | null {
  const minute = Math.floor(now / MINUTE_MS);
  const ofDay = minute % MINUTES_A_DAY;
  const step = steps.findLast((one) => one.minute <= ofDay) ?? steps.at(-1);
  if (step === undefined) return null;
  const ago = (ofDay - step.minute + MINUTES_A_DAY) % MINUTES_A_DAY;
  return (minute - ago) * MINUTE_MS;
}
