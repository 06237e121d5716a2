import type { Incident, IncidentState } from '#controller/http/contract/incidents';
import type { ShapeName, Tone } from '../../parts/mark.tsx';

export const incidentSigns: Record<IncidentState, { shape: ShapeName; tone: Tone }> = {
  draft: { shape: 'ring', tone: 'quiet' },
  waiting: { shape: 'half', tone: 'warn' },
  active: { shape: 'full', tone: 'bad' },
  cleared: { shape: 'full', tone: 'good' },
  expired: { shape: 'ring', tone: 'quiet' },
  cancelled: { shape: 'cross', tone: 'quiet' },
};

/** Sent alone, and nobody has looked at it yet. */
export const awaitsReview = ({ breakGlass }: Pick<Incident, 'breakGlass'>): boolean =>
  breakGlass !== null && breakGlass.reviewedAt === null;

/** Who heard or saw it, of all that it was for; of a silent drill, who would have. */
export const reachedOf = ({ drill, counts }: Pick<Incident, 'drill' | 'counts'>): number =>
  counts.sounding + counts.done + (drill === 'silent' ? counts.ready : 0);
