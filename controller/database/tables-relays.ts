/** `targets` is JSON of the contract's `Target`s. `id` is the broadcast's. */
export interface RelayRunTable {
  id: string;
  source_id: string;
  title: string;
  schedule_id: string | null;
  /** When the schedule has it; `start_at` is when it really began. */
  occurrence_at: number | null;
  /** The run that it goes on with. */
  continues: string | null;
  targets: string;
  priority: string;
  resume: string;
  volume: number | null;
  gain_db: number;
  start_at: number;
  end_at: number;
  ended_at: number | null;
  end_reason: 'window-over' | 'by-operator' | 'stopped' | 'controller-stopped' | null;
  created_by: string | null;
  created_at: number;
}

export interface RelaySwitchTable {
  run_id: string;
  position: number;
  at: number;
  hears: 'connecting' | 'stream' | 'fallback' | 'silence';
  reason: string;
  detail: string | null;
}
