import { z } from 'zod';
import { DeviceKind } from '#devices/kind';
import { checkFlags, readFlags } from './command-line.ts';
import { Fleet } from './fleet.ts';
import { runProgram } from './program.ts';

const HELP = `Many simulated devices in one process.

  --devices N             how many (needed)
  --dir PATH              where they keep their identities, plans, media and evidence (./data/fleet)
  --http URL              the controller            (http://127.0.0.1:8080)
  --kind speaker|board    what they are             (speaker)
  --decoder silent|ffmpeg yield samples without decoding, or really decode (silent)
  --heartbeat-ms N        heartbeat interval        (30000)
  --approve USER:PASSWORD let them in by this administrator's account
  --help                  this text
`;

const Flags = z.object({
  devices: z.coerce.number().int().min(1).max(20_000),
  dir: z.string().min(1).default('./data/fleet'),
  http: z.url({ protocol: /^https?$/ }).default('http://127.0.0.1:8080'),
  kind: DeviceKind.default('speaker'),
  decoder: z.enum(['silent', 'ffmpeg']).default('silent'),
  'heartbeat-ms': z.coerce.number().int().min(200).max(3_600_000).default(30_000),
  approve: z
    .string()
    .regex(/^[^:]+:.+$/)
    .transform((text) => ({
      user: text.slice(0, text.indexOf(':')),
      password: text.slice(text.indexOf(':') + 1),
    }))
    .optional(),
});

const EXPECTED = {
  devices: 'a number from 1 to 20000',
  dir: 'a directory',
  http: 'an address such as http://127.0.0.1:8080',
  kind: 'speaker or board',
  decoder: 'silent or ffmpeg',
  'heartbeat-ms': 'a number of milliseconds, at least 200',
  approve: 'user:password',
};

const TEXT = { type: 'string' } as const;
const REPORT_MS = 5_000;

await runProgram(HELP, (args) => {
  const values = readFlags(args, {
    ...{
      devices: TEXT,
      dir: TEXT,
      http: TEXT,
      kind: TEXT,
      decoder: TEXT,
      'heartbeat-ms': TEXT,
      approve: TEXT,
    },
    help: { type: 'boolean' },
  });
  if (values.help === true) return null;
  const { 'heartbeat-ms': heartbeatMs, ...flags } = checkFlags(Flags, values, EXPECTED);
  const fleet = new Fleet({
    ...flags,
    heartbeatMs,
    onEvent: (_, event) => {
      if (event.type === 'pairing-code' && flags.approve === undefined) {
        process.stdout.write(`pairing code ${event.code}\n`);
      }
    },
  });
  let last = '';
  let timer: NodeJS.Timeout | undefined;
  return {
    start: () => {
      timer = setInterval(() => {
        const figures = fleet.figures;
        const line =
          `${figures.paired} paired, ${figures.connected} connected, ${figures.planned} with a plan, ` +
          `${figures.played} parts played, ${figures.missed} missed, ${figures.faults} faults, ` +
          `worst start ${figures.worstStartMs.toFixed(1)} ms`;
        if (line !== last) process.stdout.write(`${line}\n`);
        last = line;
      }, REPORT_MS);
      return fleet.start();
    },
    stop: () => {
      clearInterval(timer);
      return fleet.stop();
    },
  };
});
