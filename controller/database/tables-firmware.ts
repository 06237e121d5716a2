import type { Generated } from 'kysely';
import type { RolloutState, RolloutStep } from '../http/contract/firmware.ts';

export interface FirmwareImageTable {
  id: string;
  model: string;
  version: string;
  sha256: string;
  bytes: number;
  note: string;
  created_at: number;
  created_by: string | null;
  removed_at: number | null;
}

/** `stages`: JSON array of shares in percent. `forgiven`: failures that a person has seen and let pass. */
export interface RolloutTable {
  id: string;
  image_id: string;
  model: string;
  state: RolloutState;
  reason: string | null;
  stages: string;
  stage: Generated<number>;
  stage_started_at: number;
  failure_limit_percent: number;
  forgiven: Generated<number>;
  started_at: number;
  started_by: string | null;
  updated_at: number;
}

/** `position`: the order in which devices were chosen, across the stages. */
export interface RolloutDeviceTable {
  rollout_id: string;
  device_id: string;
  stage: number;
  position: number;
  step: Generated<RolloutStep>;
  reason: string | null;
  updated_at: number;
}

/** What the broker holds, or may hold, for a device. */
export interface FirmwareOfferTable {
  device_id: string;
  rollout_id: string;
  issued_at: number;
}

export interface FirmwareTables {
  firmware_image: FirmwareImageTable;
  rollout: RolloutTable;
  rollout_device: RolloutDeviceTable;
  firmware_offer: FirmwareOfferTable;
}
