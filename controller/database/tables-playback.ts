import type { Generated } from 'kysely';

export interface PlayTable {
  occurrence: string;
  device_id: string;
  schedule_id: string;
  title: string;
  priority: string;
  start_at: number;
  end_at: number;
  not_after: number;
  parts: string;
  due_ms: number;
  plan_sha256: string;
  verdict: Generated<'pending' | 'played' | 'late' | 'partial' | 'preempted' | 'missed' | 'unknown'>;
  reason: string | null;
  first_sample_at: number | null;
  lateness_ms: number | null;
  played_ms: Generated<number>;
  verdict_at: number | null;
}

export interface AsRunTable {
  device_id: string;
  boot: number;
  seq: number;
  occurrence: string;
  started_at: number | null;
  ended_at: number;
  record: string;
  received_at: number;
}

export interface AsRunGapTable {
  device_id: string;
  boot: number;
  first_seq: number;
  last_seq: number;
  noticed_at: number;
}

export interface EvidenceTable {
  id: string;
  device_id: string;
  type: string;
  bytes: number;
  sha256: string;
  received_at: number;
  /** By the device's clock; null where it did not say. */
  taken_at: number | null;
  /** Of a board's picture: hash of the pixels that are on it (RGBA rows). */
  pixels_sha256: string | null;
}

export interface PlaybackTables {
  play: PlayTable;
  as_run: AsRunTable;
  as_run_gap: AsRunGapTable;
  evidence: EvidenceTable;
}
