import type { Generated } from 'kysely';
import type { LiveEnd } from '../http/contract/live.ts';

/** A session of a microphone. `id` is its broadcast's; `end` is null while it is under way. */
export interface LiveSessionTable {
  id: string;
  title: string;
  end: LiveEnd | null;
  end_chime: number;
  lead_ms: number;
  late_share: Generated<number>;
  asked: Generated<number>;
  /** Devices that were connected to the sound, at most. */
  listened: Generated<number>;
  created_by: string | null;
  created_at: number;
  on_air_at: number | null;
  ended_at: number | null;
  recording_asset_id: string | null;
}
