import { parseArgs } from 'node:util';
import { z } from 'zod';
import { Codec, DeviceKind } from '#devices/kind';
import { PairingCode } from '#devices/pairing';
import { systemClock } from './clock.ts';
import { skewedClock } from './clock-simulated.ts';
import { readFaultScript } from './fault-script.ts';
import type { DeviceOptions } from './options.ts';
import { outputOf } from './speaker/output.ts';
import { readAuthority } from './trust.ts';
import { WrongOption } from './wrong-option.ts';

export const DEVICE_HELP = `A speaker or board, simulated, or a speaker with a real sound card (--output).

  --kind speaker|board    what it is (needed)
  --dir PATH              where it keeps its identity, plan, media and evidence (needed)
  --http URL              the controller            (http://127.0.0.1:8080)
  --serial TEXT           serial number             (made at first start)
  --model TEXT            model                     (SIM Speaker 1, SIM Board 1)
  --code XXXXXXXX         pairing code              (made at first start)
  --panel 192x96          pixels of a board         (192x96)
  --pitch-mm N            from one LED of a board to the next         (5)
  --scan N                rows of a board are lit N by N, in turn: 16 for 1/16; 1 for a panel that scans nothing  (16)
  --codec opus|mp3        best codec of a speaker   (opus)
  --wav                   keep what was played as DIR/wav/<occurrence>.wav
  --ca FILE               trust this authority (PEM) too, for a controller with a certificate of its own
  --heartbeat-ms N        heartbeat interval        (30000)
  --ffmpeg PATH           the ffmpeg to decode with (the system's, else the one shipped with the package)
  --output WHERE          a speaker's sound, 48 kHz: alsa, alsa:NAME (a PCM that aplay -L lists), or command:'…' for
                          any command that takes s16le on its input   (nowhere: the card is simulated)
  --output-channels 1|2   what the card or command takes              (what the card can; 1 for a command)
  --output-delay-ms N     from handing over a sample to hearing it, told once when it is paired; the console
                          sets it afterwards                          (0)
  --faults FILE           what goes wrong, and when: JSON such as [{"type": "link-down", "afterMs": 60000, "forMs": 5000}];
                          also clock-step, power-cut, freeze, disk-full, disk-read-only, corrupt-blob, slow-decoder,
                          dead-amplifier, muted-output; of a board: panel-dead-pixels, panel-stuck, panel-frozen,
                          panel-power
  --truth FILE            for test rigs: write down what really left the card
  --clock-offset-ms=N     simulate a battery clock that is ahead by so much      (0)
  --clock-ppm=N           simulate a crystal that runs fast by so much           (0)
  --clock-dead            simulate an empty battery: at power-up the clock shows 1970
  --card-ppm=N            simulate a sound card that runs fast by so much        (0)
  --help                  this text
`;

export { WrongOption };

const Panel = z
  .string()
  .regex(/^\d{2,4}x\d{2,4}$/)
  .transform((text) => {
    const [width = 0, height = 0] = text.split('x').map(Number);
    return { width, height };
  });

const DeviceFlags = z.object({
  kind: DeviceKind,
  dir: z.string().min(1),
  http: z.url({ protocol: /^https?$/ }).default('http://127.0.0.1:8080'),
  serial: z.string().min(1).max(64).optional(),
  model: z.string().min(1).max(64).optional(),
  code: PairingCode.optional(),
  panel: Panel.optional(),
  'pitch-mm': z.coerce.number().min(0.05).max(50).optional(),
  scan: z.coerce.number().int().min(1).max(64).optional(),
  codec: Codec.optional(),
  wav: z.boolean().default(false),
  ca: z.string().min(1).optional(),
  'heartbeat-ms': z.coerce.number().int().min(200).max(3_600_000).default(30_000),
  ffmpeg: z.string().min(1).optional(),
  truth: z.string().min(1).optional(),
  'clock-offset-ms': z.coerce.number().min(-1e12).max(1e12).optional(),
  'clock-ppm': z.coerce.number().min(-1_000).max(1_000).optional(),
  'clock-dead': z.boolean().optional(),
  'card-ppm': z.coerce.number().min(-1_000).max(1_000).optional(),
  faults: z.string().min(1).optional(),
  output: z
    .string()
    .refine((text) => outputOf(text, undefined) !== undefined)
    .optional(),
  'output-channels': z.enum(['1', '2']).optional(),
  'output-delay-ms': z.coerce.number().min(0).max(2_000).optional(),
});

const EXPECTED: Record<string, string> = {
  kind: 'speaker or board',
  dir: 'a directory',
  http: 'an address such as http://127.0.0.1:8080',
  serial: 'at most 64 characters',
  model: 'at most 64 characters',
  code: 'eight of 23456789ABCDEFGHJKMNPQRSTVWXYZ',
  panel: 'width x height in pixels, such as 192x96',
  'pitch-mm': 'millimetres from 0.05 to 50',
  scan: 'a number from 1 to 64',
  codec: 'opus or mp3',
  ca: 'a file with a PEM certificate',
  'heartbeat-ms': 'a number of milliseconds, at least 200',
  ffmpeg: 'a path',
  truth: 'a path',
  'clock-offset-ms': 'milliseconds',
  'clock-ppm': 'parts per million, at most 1000',
  'card-ppm': 'parts per million, at most 1000',
  faults: 'a path',
  output: "alsa, alsa:NAME or command:'…'",
  'output-channels': '1 or 2',
  'output-delay-ms': 'a number of milliseconds, at most 2000',
};

const TEXT = { type: 'string' } as const;

/** @returns the options, or null when help was asked for. @throws {WrongOption} */
export function readDeviceOptions(args: readonly string[]): DeviceOptions | null {
  const values = readFlags(args, {
    ...{ kind: TEXT, dir: TEXT, http: TEXT, serial: TEXT, model: TEXT, code: TEXT, panel: TEXT, codec: TEXT },
    ...{
      wav: { type: 'boolean' },
      'heartbeat-ms': TEXT,
      ca: TEXT,
      ffmpeg: TEXT,
      truth: TEXT,
      faults: TEXT,
      help: { type: 'boolean' },
    },
    ...{ 'pitch-mm': TEXT, scan: TEXT },
    ...{ output: TEXT, 'output-channels': TEXT, 'output-delay-ms': TEXT },
    ...{ 'clock-offset-ms': TEXT, 'clock-ppm': TEXT, 'clock-dead': { type: 'boolean' }, 'card-ppm': TEXT },
  });
  if (values.help === true) return null;
  const flags = checkFlags(DeviceFlags, values, EXPECTED);
  const { 'heartbeat-ms': heartbeatMs, output, 'output-channels': channels, ...rest } = flags;
  const { 'output-delay-ms': outputDelayMs, ca, faults, ...more } = rest;
  const { 'clock-offset-ms': offsetMs, 'clock-ppm': driftPpm, 'clock-dead': dead, ...remaining } = more;
  const { 'pitch-mm': pitchMm, scan, ...others } = remaining;
  if (output !== undefined && flags.kind === 'board') throw new WrongOption('--output is for speakers.');
  const skewed = offsetMs !== undefined || driftPpm !== undefined || dead === true;
  const count = channels === undefined ? undefined : channels === '1' ? 1 : 2;
  return {
    cardPpm: flags['card-ppm'],
    matrix: {
      ...(pitchMm === undefined ? {} : { pitchMm }),
      ...(scan === undefined ? {} : { scan }),
    },
    clock: skewed ? skewedClock(systemClock, { offsetMs, driftPpm, dead }) : undefined,
    ...{ ...others, heartbeatMs, outputDelayMs, ca: ca === undefined ? undefined : authorityIn(ca) },
    output: output === undefined ? undefined : outputOf(output, count),
    faults: faults === undefined ? undefined : readFaultScript(faults),
  };
}

function authorityIn(file: string): string {
  try {
    return readAuthority(file);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new WrongOption(`--ca cannot be used: ${why}.`);
  }
}

type Flags = Record<string, { readonly type: 'string' | 'boolean' }>;

export function readFlags(
  args: readonly string[],
  options: Flags,
): Record<string, string | boolean | undefined> {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values as Record<
      string,
      string | boolean | undefined
    >;
  } catch (error) {
    const detail = error instanceof Error ? error.message.split('. ')[0] : String(error);
    throw new WrongOption(`${detail}; --help lists the options.`);
  }
}

export function checkFlags<S extends z.ZodType>(
  schema: S,
  values: Record<string, string | boolean | undefined>,
  expected: Record<string, string>,
): z.infer<S> {
  const read = schema.safeParse(values);
  if (read.success) return read.data;
  const flag = String(read.error.issues[0]?.path[0] ?? '');
  const given = values[flag] === undefined ? 'is missing' : `cannot be "${values[flag]}"`;
  throw new WrongOption(`--${flag} ${given}: give ${expected[flag] ?? 'another value'}.`);
}
