import { z } from 'zod';
import { EpochMs, ReasonCode } from '../primitives.ts';

/** Why a device would not act on a signed document or command. */
export const RefusalReason = z.enum([
  'malformed',
  'bad-signature',
  'wrong-type',
  'wrong-audience',
  'expired',
  'replayed',
  'stale-revision',
  'unsupported',
  'failed',
  'blob-missing',
]);
export type RefusalReason = z.infer<typeof RefusalReason>;

/** What a self-test measured: the tone as sent, and as the device's own microphone heard it. */
export const SelfTest = z.object({
  toneHz: z.number().min(20).max(20_000),
  sentDbfs: z.number().max(0),
  heardDbfs: z.number().max(0),
  /** What the microphone hears when nothing is played. */
  noiseDbfs: z.number().max(0),
  ok: z.boolean(),
});
export type SelfTest = z.infer<typeof SelfTest>;

/** received → rejected(reason) or ready → started → ended, by the id (`jti`) of the command or document. */
export const Ack = z.object({
  v: z.literal(1),
  /** null when the document was too broken to tell its id. */
  id: z.string().max(64).nullable(),
  subject: z.enum(['desired', 'command', 'plan', 'firmware']),
  state: z.enum(['received', 'rejected', 'ready', 'started', 'ended']),
  reason: ReasonCode.optional(),
  /** The revision of the desired document that is meant, where one is. */
  revision: z.number().int().min(0).optional(),
  /** Of a broadcast: when its first sample is or was heard on this device. */
  startedAt: EpochMs.optional(),
  selfTest: SelfTest.optional(),
  /** Of `capture`: the picture or recording that was made for it, as it is or will be sent. */
  evidence: z.string().max(64).optional(),
  at: EpochMs,
});
export type Ack = z.infer<typeof Ack>;
