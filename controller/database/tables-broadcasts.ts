import type { Generated } from 'kysely';

/** `targets`, `addresses` and `counts` are JSON; `body` is the broadcast as the devices get it. */
export interface BroadcastTable {
  id: string;
  title: string;
  priority: string;
  resume: string;
  state: 'preparing' | 'started' | 'ended' | 'stopped' | 'failed';
  reason: string | null;
  content_kind: 'programme' | 'playlist' | 'live' | 'relay' | 'incident';
  content_id: string;
  targets: string;
  addresses: string;
  body: string;
  duration_ms: number;
  volume: number | null;
  patience_ms: number;
  created_by: string | null;
  created_at: number;
  t0: number | null;
  ended_at: number | null;
  counts: string;
  /** 1: prepared and never started, to see who could. */
  rehearsal: Generated<number>;
}

export interface BroadcastDeviceTable {
  broadcast_id: string;
  device_id: string;
  state: 'asked' | 'received' | 'ready' | 'started' | 'ended' | 'stopped' | 'rejected' | 'absent';
  reason: string | null;
  started_at: number | null;
  /** The power-up of the device in which it started. */
  boot: number | null;
  stop_asked: Generated<number>;
  updated_at: number;
}

export interface BroadcastCommandTable {
  id: string;
  broadcast_id: string;
  type: 'prepare' | 'start' | 'stop' | 'set-volume';
  sent_at: number;
}

/** The files that a broadcast names, in all their forms, and until when its devices may fetch them. */
export interface BroadcastBlobTable {
  blob_sha256: string;
  until: number;
  broadcast_id: string;
}
