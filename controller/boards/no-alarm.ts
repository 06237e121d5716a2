import type { Scene } from '#devices/scene';
import { Failure } from '../failure.ts';

/**
 * The look of an emergency belongs to incidents, which are confirmed, counted and ended: a programme that borrowed it
 * would be believed.
 * @throws Failure 422 `emergency-in-programme`.
 */
export function refuseAlarm({ pages }: Pick<Scene, 'pages'>): void {
  if (!pages.some(({ zones }) => zones.some(({ item }) => item.type === 'emergency'))) return;
  throw new Failure(
    'emergency-in-programme',
    'An emergency page is shown by an incident only. Make a notice of it, or raise the alarm.',
    { status: 422 },
  );
}
