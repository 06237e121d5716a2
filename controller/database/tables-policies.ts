/** `value` is JSON of the policy's schema (`http/contract/policies.ts`). */
export interface PolicyTable {
  name: string;
  value: string;
  updated_at: number;
  updated_by: string | null;
}

export interface SecretTable {
  name: string;
  value: string;
  updated_at: number;
  updated_by: string | null;
}

export interface RelaySourceTable {
  id: string;
  title: string;
  url: string;
  fallback_playlist_id: string | null;
  silence_ms: number;
  created_by: string | null;
  created_at: number;
  updated_at: number;
  removed_at: number | null;
}
