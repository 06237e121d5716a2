/** A text that is stored on every device; of purpose `drill`: what is said before and after an audible drill. */
export interface StoredMessageTable {
  id: string;
  purpose: 'message' | 'drill';
  title: string;
  heading: string | null;
  text: string;
  language: string;
  asset_id: string;
  /** Whether the asset is the text, spoken; else it was chosen. */
  spoken: number;
  scene_sha256: string;
  created_by: string | null;
  created_at: number;
  updated_at: number;
  removed_at: number | null;
}

/** `*_by` are names as they were then, `*_by_id` accounts. `targets` and `counts` are JSON of the contract's. */
export interface IncidentTable {
  id: string;
  drill: 'silent' | 'audible' | null;
  source: 'person' | 'cap' | 'province';
  title: string;
  language: string;
  state: 'draft' | 'waiting' | 'active' | 'cleared' | 'expired' | 'cancelled';
  targets: string;
  siren_asset_id: string | null;
  repeats: number;
  minutes: number;
  stored_message_id: string | null;
  drill_text: string | null;
  drill_asset_id: string | null;
  created_at: number;
  created_by: string | null;
  created_by_id: string | null;
  confirmed_at: number | null;
  confirmed_by: string | null;
  confirmed_by_id: string | null;
  second_at: number | null;
  second_by: string | null;
  second_by_id: string | null;
  glass_reason: string | null;
  glass_by: string | null;
  glass_by_id: string | null;
  glass_at: number | null;
  reviewed_by: string | null;
  reviewed_at: number | null;
  verdict: 'justified' | 'not-justified' | null;
  review_note: string | null;
  activated_at: number | null;
  expires_at: number | null;
  ended_at: number | null;
  ended_by: string | null;
  counts: string;
}

export interface IncidentMessageTable {
  id: string;
  incident_id: string;
  kind: 'alert' | 'update' | 'all-clear';
  heading: string | null;
  text: string;
  asset_id: string;
  /** What boards show; an all-clear shows nothing. */
  scene_sha256: string | null;
  siren: number;
  repeats: number;
  state: 'preparing' | 'ready' | 'sent' | 'failed';
  reason: string | null;
  created_at: number;
  sent_at: number | null;
  by: string | null;
}

/** By which broadcasts a message went out; the siren has one of its own where the words were not spoken yet. */
export interface IncidentBroadcastTable {
  broadcast_id: string;
  message_id: string;
  role: 'siren' | 'sound' | 'board';
  created_at: number;
}

export interface IncidentTables {
  stored_message: StoredMessageTable;
  incident: IncidentTable;
  incident_message: IncidentMessageTable;
  incident_broadcast: IncidentBroadcastTable;
}
