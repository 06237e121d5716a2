import type { ByOrder } from '../by-order.ts';
import type { Conversation } from '../conversation.ts';
import type { DesiredState } from '../desired-state.ts';
import type { Faults } from '../faults.ts';
import type { PlanKeeper } from '../plan-keeper.ts';
import { shareOf } from '../village-share.ts';
import type { BoardDesk } from './board-desk.ts';

export interface WiredTo {
  readonly id: string;
  readonly state: DesiredState;
  readonly talk: Conversation;
  readonly faults: Faults;
  readonly running: () => { readonly keeper: PlanKeeper; readonly byOrder: ByOrder } | null;
  /** What is desired was told since the power came, and not only remembered. */
  readonly heardDesired: () => boolean;
}

/** What a board asks of the rest of the device, and a speaker does not. */
export function forBoards({
  id,
  state,
  talk,
  faults,
  running,
  heardDesired,
}: WiredTo): Pick<BoardDesk, 'share' | 'line' | 'mended' | 'refetch' | 'onChange'> {
  return {
    share: shareOf(id),
    line: () => {
      const wanted = state.governing?.body.plan ?? null;
      const held = running()?.keeper.version ?? null;
      const upToDate = heardDesired() && talk.session !== null && wanted?.sha256 === held?.sha256;
      return { unlinkedMs: talk.unlinkedMs, upToDate };
    },
    mended: (what) => faults.mended(what),
    refetch: (sha256) => {
      running()?.keeper.again(sha256);
      running()?.byOrder.again(sha256);
    },
    onChange: () => talk.beatSoon(),
  };
}
