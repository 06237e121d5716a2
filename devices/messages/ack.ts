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
]);
export type RefusalReason = z.infer<typeof RefusalReason>;

/** received → rejected(reason) or ready → started → ended, by the id (`jti`) of the command or document. */
export const Ack = z.object({
  v: z.literal(1),
  /** null when the document was too broken to tell its id. */
  id: z.string().max(64).nullable(),
  subject: z.enum(['desired', 'command', 'plan']),
  state: z.enum(['received', 'rejected', 'ready', 'started', 'ended']),
  reason: ReasonCode.optional(),
  /** The revision of the desired document that is meant, where one is. */
  revision: z.number().int().min(0).optional(),
  at: EpochMs,
});
export type Ack = z.infer<typeof Ack>;
