import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { WrongOption } from './wrong-option.ts';

const ms = z
  .number()
  .min(0)
  .max(30 * 86_400_000);
/** When it happens: so long after the device was first switched on, or at a time of the machine's clock. */
const when = {
  afterMs: ms.optional(),
  at: z.iso.datetime({ offset: true }).optional(),
};
/** Left out: from then on, for good. */
const forMs = ms.min(1).optional();

/** One thing that goes wrong. */
export const Fault = z
  .discriminatedUnion('type', [
    /** Neither broker nor controller can be reached; what stood breaks. */
    z.strictObject({ type: z.literal('link-down'), ...when, forMs }),
    /** Somebody sets the battery clock, ahead by so much; the device learns of it when its power comes. */
    z.strictObject({ type: z.literal('clock-step'), ...when, ms: z.number() }),
    /** The program ends as by a pulled plug, and starts again after so long. */
    z.strictObject({ type: z.literal('power-cut'), ...when, offForMs: ms.default(2_000) }),
    /** The whole program stands still, and goes on as if nothing had been. */
    z.strictObject({ type: z.literal('freeze'), ...when, forMs: ms.min(1) }),
    z.strictObject({ type: z.literal('disk-full'), ...when, forMs }),
    z.strictObject({ type: z.literal('disk-read-only'), ...when, forMs }),
    /** Some bytes of every file in the cache become others. */
    z.strictObject({ type: z.literal('corrupt-blob'), ...when }),
    /** Decoding yields at most so many seconds of sound a second; below 1 the sound breaks up. */
    z.strictObject({ type: z.literal('slow-decoder'), ...when, factor: z.number().min(0).max(10), forMs }),
    /** Nothing is heard, and the device cannot tell, unless it has a microphone. */
    z.strictObject({ type: z.literal('dead-amplifier'), ...when, forMs }),
    /** So many LEDs of a board light no more, here and there. */
    z.strictObject({
      type: z.literal('panel-dead-pixels'),
      ...when,
      count: z.number().int().min(1).max(100_000).default(20),
      forMs,
    }),
    /** A module of 64 × 32 LEDs goes on showing what it shows now. */
    z.strictObject({
      type: z.literal('panel-stuck'),
      ...when,
      column: z.number().int().min(0).default(0),
      row: z.number().int().min(0).default(0),
      forMs,
    }),
    /** What draws for a board stands still, and the picture with it; everything else goes on. */
    z.strictObject({ type: z.literal('panel-frozen'), ...when, forMs }),
    /** The panel's own supply is gone, the device's is not. */
    z.strictObject({ type: z.literal('panel-power'), ...when, forMs }),
    /** Somebody turned the mixer down; the device can read it. */
    z.strictObject({ type: z.literal('muted-output'), ...when, forMs }),
  ])
  .refine(
    ({ afterMs, at }) => (afterMs === undefined) !== (at === undefined),
    'give afterMs or at, not both',
  );
export type Fault = z.infer<typeof Fault>;

const FaultScript = z.array(Fault).max(1_000);

/** What goes wrong with a device, and when. */
export type FaultScript = readonly Fault[];

/** When a fault begins, epoch ms. @param since when the device was first switched on. */
export const beginOf = ({ afterMs, at }: Fault, since: number): number =>
  at === undefined ? since + (afterMs ?? 0) : Date.parse(at);

/** Reads a script of faults. @throws {WrongOption} naming the entry, what is wrong with it, and what would be right. */
export function readFaultScript(path: string): FaultScript {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new WrongOption(`--faults ${path} cannot be read (${detail}): give a JSON file.`);
  }
  const read = FaultScript.safeParse(content);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const [entry, ...field] = issue?.path ?? [];
  const where = typeof entry === 'number' ? `fault ${entry + 1}` : 'the file';
  const what = field.length === 0 ? '' : ` (${field.join('.')})`;
  const hint =
    typeof entry === 'number' ? '' : ': give a list such as [{"type": "link-down", "afterMs": 60000}]';
  throw new WrongOption(`--faults ${path}: ${where}${what}: ${issue?.message ?? 'unreadable'}${hint}.`);
}
