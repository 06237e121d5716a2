import { findOverlaps } from '#schedules/overlaps';
import { type PlannedDevice, planFleet } from '#schedules/plan';
import { DAY, daily, made } from '../unit/schedules/made.ts';
import type { Report } from './main.ts';

const DEVICES = 1_000;
const PER_DEVICE = 6;
const DAYS = 30;

/**
 * The worst case: no two devices share a schedule, so that nothing is shared between plans either. Signing and storing
 * are measured elsewhere; this is what the rules themselves cost.
 */
export default function planCompile(report: Report): Promise<void> {
  const from = Date.parse('2026-11-23T17:00Z');
  const window = { from, to: from + DAYS * DAY };
  const schedules = Array.from({ length: DEVICES * PER_DEVICE }, (_, index) =>
    made(`schedule-${index}`, {
      rule: daily(`${String(5 + 3 * (index % PER_DEVICE)).padStart(2, '0')}:00`),
      devices: [`device-${Math.floor(index / PER_DEVICE)}`],
    }),
  );
  const devices = Array.from(
    { length: DEVICES },
    (_, index): PlannedDevice => ({
      id: `device-${index}`,
      kind: 'speaker',
      codec: 'opus',
      schedules: schedules.slice(index * PER_DEVICE, (index + 1) * PER_DEVICE).map(({ id }) => id),
    }),
  );

  const began = performance.now();
  const { plans } = planFleet(devices, schedules, window);
  const planMs = performance.now() - began;
  const occurrences = [...plans.values()].reduce((sum, plan) => sum + plan.occurrences.length, 0);
  const asked = DEVICES * PER_DEVICE * DAYS;
  if (occurrences !== asked) throw new Error(`${occurrences} occurrences were planned instead of ${asked}`);
  report({
    name: `plans of ${DEVICES} devices × ${DAYS} days × ${PER_DEVICE} a day, none alike, compiled`,
    figure: planMs,
    unit: 'ms',
    limit: 1_000,
    ok: planMs <= 1_000,
  });

  // Ten minutes that run into the first programme of every device, five minutes late.
  const candidate = made('candidate', { rule: daily('05:05'), devices: devices.map(({ id }) => id) });
  const since = performance.now();
  const found = findOverlaps(candidate, schedules, window);
  const overlapMs = performance.now() - since;
  if (found.length !== DEVICES) throw new Error(`${found.length} overlaps were found`);
  report({
    name: `overlaps of one schedule for ${DEVICES} devices with ${schedules.length} others over ${DAYS} days`,
    figure: overlapMs,
    unit: 'ms',
    limit: 1_000,
    ok: overlapMs <= 1_000,
  });
  return Promise.resolve();
}
