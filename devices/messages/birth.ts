import { z } from 'zod';
import { Capabilities, DeviceKind } from '../kind.ts';
import { Revision, Sha256, Ulid } from '../primitives.ts';

/** What a device is and what it holds; sent on connect and whenever `host/state` shows a new epoch. */
export const Birth = z.object({
  v: z.literal(1),
  session: Ulid,
  kind: DeviceKind,
  model: z.string().min(1).max(64),
  serial: z.string().min(1).max(64),
  firmware: z.string().min(1).max(64),
  /** Counts power-ups; with a sequence number it names an as-run record for ever. */
  boot: z.number().int().min(1),
  capabilities: Capabilities,
  desiredRevision: Revision,
  plan: z.object({ revision: Revision, sha256: Sha256 }).nullable(),
});
export type Birth = z.infer<typeof Birth>;
