import type { Generated, Insertable, Selectable, Updateable } from 'kysely';
import type { AlertTables } from './tables-alerts.ts';
import type { BoardTables } from './tables-boards.ts';
import type {
  BroadcastBlobTable,
  BroadcastCommandTable,
  BroadcastDeviceTable,
  BroadcastTable,
} from './tables-broadcasts.ts';
import type { FirmwareTables } from './tables-firmware.ts';
import type { IncidentTables } from './tables-incidents.ts';
import type { LibraryTables } from './tables-library.ts';
import type { LiveSessionTable } from './tables-live.ts';
import type { PlaybackTables } from './tables-playback.ts';
import type { PolicyTable, RelaySourceTable, SecretTable } from './tables-policies.ts';
import type { RelayRunTable, RelaySwitchTable } from './tables-relays.ts';
import type { DeviceModelTable } from './tables-settings.ts';

/**
 * The tables as SQLite keeps them (migrations are the truth). Booleans are 0 or 1, documents are JSON text;
 * times are epoch milliseconds. Whoever reads a JSON column parses it with its schema.
 */

export interface AreaTable {
  id: string;
  parent_id: string | null;
  kind: 'province' | 'ward' | 'neighbourhood';
  name: string;
  position: Generated<number>;
  created_at: number;
  removed_at: number | null;
}

export interface DeviceGroupTable {
  id: string;
  name: string;
  created_at: number;
  removed_at: number | null;
}

export interface DeviceTable {
  id: string;
  kind: 'speaker' | 'board';
  name: string;
  model: string;
  serial: string;
  area_id: string | null;
  address: string | null;
  latitude: number | null;
  longitude: number | null;
  owner: string | null;
  warranty_end: string | null;
  public_key: string;
  credential_hash: string;
  firmware: string | null;
  capabilities: string;
  volume: Generated<number>;
  muted: Generated<number>;
  brightness: Generated<number>;
  output_delay_trim_ms: Generated<number>;
  /** JSON of the contract's `TimedVolume`s, ascending. */
  volume_by_time: Generated<string>;
  /** JSON of the contract's `BoardChoice`, without what is left at its default; null for none. */
  board: string | null;
  /** Of a board: when it drew last, once that is too long ago; null while it draws. */
  frozen_since: number | null;
  status: Generated<'unseen' | 'online' | 'stale' | 'offline' | 'fault'>;
  status_since: number;
  session: string | null;
  connected: Generated<number>;
  last_heard_at: number | null;
  boot: number | null;
  /** Added to the boots that the device tells since its memory was last replaced, so that none comes twice. */
  boot_base: Generated<number>;
  last_heartbeat: string | null;
  desired_revision: Generated<number>;
  desired_issued_at: number | null;
  desired_digest: string | null;
  acknowledged_revision: Generated<number>;
  acknowledged_at: number | null;
  reported_revision: Generated<number>;
  reported_at: number | null;
  /** When the first revision was issued that the device has not reported; of meaning only while there is one. */
  unreported_since: number | null;
  held_plan_revision: number | null;
  held_plan_sha256: string | null;
  held_plan_since: number | null;
  outbox_empty_at: number | null;
  created_at: number;
  removed_at: number | null;
}

export interface DeviceGroupMemberTable {
  group_id: string;
  device_id: string;
}

export interface PairingTable {
  id: string;
  code: string;
  thumbprint: string;
  public_key: string;
  kind: string;
  model: string;
  serial: string;
  firmware: string;
  capabilities: string;
  remote_address: string | null;
  state: 'pending' | 'approved' | 'collected' | 'refused' | 'expired';
  device_id: string | null;
  requested_at: number;
  last_asked_at: number;
  expires_at: number;
  decided_at: number | null;
  decided_by: string | null;
}

export interface HeartbeatTable {
  device_id: string;
  received_at: number;
  body: string;
  /** Short heartbeats that said the same, until `repeated_until`. */
  repeats: Generated<number>;
  repeated_until: number | null;
}

export interface HeartbeatQuarterTable {
  device_id: string;
  quarter: number;
  beats: number;
  clock_error_max: number | null;
  temperature_min: number | null;
  temperature_avg: number | null;
  temperature_max: number | null;
  mains_min: number | null;
  mains_max: number | null;
  signal_min: number | null;
  signal_avg: number | null;
  storage_free_min: number | null;
  outbox_max: number | null;
  playing_beats: Generated<number>;
  fault_beats: Generated<number>;
}

export interface DeviceStatusChangeTable {
  device_id: string;
  at: number;
  status: string;
  reason: string | null;
}

export interface RefusalTable {
  device_id: string;
  source: 'controller' | 'device' | 'broker';
  reason: string;
  topic: string;
  count: number;
  first_at: number;
  last_at: number;
  detail: string | null;
}

export interface CommandTable {
  id: string;
  device_id: string;
  body: string;
  state: string;
  reason: string | null;
  issued_at: number;
  expires_at: number;
  updated_at: number;
  issued_by: string | null;
  self_test: string | null;
}

export interface ScheduleTable {
  id: string;
  title: string;
  programme_id: string | null;
  playlist_id: string | null;
  relay_source_id: string | null;
  /** How long a relay lasts; of nothing else. */
  relay_minutes: number | null;
  timetable: string;
  priority: string;
  resume: string;
  max_lateness_ms: number;
  gain_db: number;
  /** How long boards go on showing it from each start; null: once through. */
  board_minutes: number | null;
  enabled: Generated<number>;
  created_by: string | null;
  created_at: number;
  updated_at: number;
  removed_at: number | null;
}

export interface ScheduleTargetTable {
  schedule_id: string;
  kind: 'device' | 'group' | 'area' | 'all';
  target_id: string;
}

export interface PlanTable {
  sha256: string;
  jws: string;
  bytes: number;
  occurrences: number;
  valid_from: number;
  valid_until: number;
  created_at: number;
}

export interface PlanBlobTable {
  plan_sha256: string;
  blob_sha256: string;
}

/** Small facts of a plan, beside its large row. `starts`: JSON array of start times, ascending, each once. */
export interface PlanAgendaTable {
  plan_sha256: string;
  starts: string;
  valid_from: number;
  valid_until: number;
  created_at: number;
}

export interface PlanScheduleTable {
  schedule_id: string;
  plan_sha256: string;
}

export interface DevicePlanTable {
  device_id: string;
  revision: number;
  plan_sha256: string;
  issued_at: number;
  superseded_at: number | null;
}

export interface SettingTable {
  name: string;
  value: string;
}

export interface Schema
  extends FirmwareTables,
    IncidentTables,
    AlertTables,
    BoardTables,
    LibraryTables,
    PlaybackTables {
  area: AreaTable;
  device_group: DeviceGroupTable;
  device: DeviceTable;
  device_model: DeviceModelTable;
  device_group_member: DeviceGroupMemberTable;
  pairing: PairingTable;
  heartbeat: HeartbeatTable;
  heartbeat_quarter: HeartbeatQuarterTable;
  device_status_change: DeviceStatusChangeTable;
  refusal: RefusalTable;
  command: CommandTable;
  schedule: ScheduleTable;
  schedule_target: ScheduleTargetTable;
  plan: PlanTable;
  plan_blob: PlanBlobTable;
  plan_agenda: PlanAgendaTable;
  plan_schedule: PlanScheduleTable;
  device_plan: DevicePlanTable;
  live_session: LiveSessionTable;
  relay_source: RelaySourceTable;
  relay_run: RelayRunTable;
  relay_switch: RelaySwitchTable;
  policy: PolicyTable;
  secret: SecretTable;
  broadcast: BroadcastTable;
  broadcast_device: BroadcastDeviceTable;
  broadcast_command: BroadcastCommandTable;
  broadcast_blob: BroadcastBlobTable;
  setting: SettingTable;
}

export type Row<T extends keyof Schema> = Selectable<Schema[T]>;
export type NewRow<T extends keyof Schema> = Insertable<Schema[T]>;
export type RowChange<T extends keyof Schema> = Updateable<Schema[T]>;
