import type { Generated } from 'kysely';

/** What the devices of one model have in common; a model that nobody measured has no row. */
export interface DeviceModelTable {
  kind: 'speaker' | 'board';
  model: string;
  /** Null: what each device itself says. */
  output_delay_ms: number | null;
  /** JSON of the contract's `Quirks`. */
  quirks: Generated<string>;
  updated_at: number;
}
