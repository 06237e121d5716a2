import type { Guards } from '#devices/guards';
import type { PlanOccurrence } from '#devices/plan';
import type { Stretch } from '#devices/run-record';
import type { DeviceClock } from './clock.ts';
import type { EvidenceBook } from './evidence-book.ts';
import type { Performer } from './performance.ts';

/** What a conductor works with, and whom it tells. */
export interface ConductorDesk {
  readonly clock: DeviceClock;
  readonly performer: Performer;
  readonly book: Pick<EvidenceBook, 'isSettled' | 'stretch' | 'settle' | 'mark' | 'written'>;
  /** How long before its time an occurrence is made ready, ms; spread over the devices of a village. */
  readonly armAheadMs: number;
  /** What may not be heard, whoever planned or ordered it; absent: nothing is forbidden. */
  readonly guards?: () => Guards;
  /** Checks the files of what comes next, while there is time to fetch them again. */
  readonly verify: (occurrence: PlanOccurrence) => Promise<void>;
  /** What else the device knows of a stretch that came to its end, before it is told. */
  readonly judge?: (occurrence: PlanOccurrence, stretch: Stretch) => Stretch;
  /** Something is heard or seen from now on, or no more. */
  readonly onAirChanged: () => void;
  /** What is ahead may have changed. */
  readonly onOutlook?: () => void;
  /** What joins in the middle needs so long to be ready, ms. */
  readonly prepareMs?: () => number;
  /** What it performs stands until its end whatever comes between, as on a board (`Claim.stands`). */
  readonly stands?: boolean;
  /** How often what plays is noted for after a power cut, ms. */
  readonly markMs?: number;
}
