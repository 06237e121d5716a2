import type { Loudness } from './loudness.ts';

/** An ffmpeg call as data. File names are relative to the directory that it runs in, and always ours. */
export interface MediaCommand {
  readonly input: { readonly options: readonly string[]; readonly file: string };
  readonly graph: string;
  /** A target `pipe` goes to the stream that the caller hands over. */
  readonly outputs: readonly { readonly options: readonly string[]; readonly target: string }[];
}

/** The names inside a job's directory. Nothing that a user wrote ever becomes one. */
export const FILES = { source: 'source', opus: 'rendition.ogg', mp3: 'rendition.mp3' } as const;

/** What programmes are made to (EBU R 128 as the station uses it). */
export const TARGET_LUFS = -16;
export const TARGET_DBTP = -1.5;
export const SAMPLE_RATE = 48_000;
/** Of the stream that the waveform is drawn from, and that the length is counted on. */
export const WAVEFORM_RATE = 8_000;

/** The codecs add overshoot of up to half a decibel: the signal is kept that much below the target. */
export const CODEC_HEADROOM_DB = 0.5;

/**
 * The containers that may be opened, by ffmpeg's demuxer names. Kinds that point at other files or addresses
 * (`concat`, `hls`, `dash`, `sdp`, `image2`, `lavfi`, …) are not among them, whatever the file calls itself.
 */
export const CONTAINERS = [
  'wav',
  'w64',
  'mp3',
  'ogg',
  'flac',
  'aac',
  'mov',
  'matroska',
  'aiff',
  'au',
  'caf',
  'amr',
  'asf',
] as const;

/** For ffmpeg and ffprobe alike: this one file, as one of these kinds, with bounded memory. */
export const fenceOf = (containers: readonly string[]): readonly string[] => [
  '-protocol_whitelist',
  'file,pipe',
  '-format_whitelist',
  containers.join(','),
  '-max_alloc',
  String(256 * 1024 * 1024),
];
export const FENCE = fenceOf(CONTAINERS);

/**
 * Sample-counted time (a jump in the file's own timestamps is neither silence nor length), one channel, floating
 * point: mixing two full channels to one may exceed full scale, and nothing clips before the level is set.
 */
const MONO = `asetpts=N/SR/TB,aresample=${SAMPLE_RATE},aformat=sample_fmts=dbl:channel_layouts=mono`;
const METER = 'ebur128=peak=true:framelog=verbose';
const STRIPPED: readonly string[] = [
  '-map_metadata',
  '-1',
  '-map_chapters',
  '-1',
  '-fflags',
  '+bitexact',
  '-flags:a',
  '+bitexact',
];

const source = (): MediaCommand['input'] => ({
  options: [...FENCE, '-vn', '-sn', '-dn'],
  file: FILES.source,
});
const nowhere = (label: string, limitSeconds: number): MediaCommand['outputs'] => [
  { options: ['-map', `[${label}]`, '-t', String(limitSeconds), '-f', 'null'], target: '-' },
];

/** Pass 1: integrated loudness, range, threshold and true peak of the source as it will be heard, in one channel. */
export function measureCommand(limitSeconds: number): MediaCommand {
  return {
    input: source(),
    graph: `[0:a:0]${MONO},${METER}[heard]`,
    outputs: nowhere('heard', limitSeconds),
  };
}

/** How far the peaks must be pressed down so that `loudnorm` need only turn one knob. Drive in dB before the limiter. */
export interface Limiting {
  readonly driveDb: number;
}

/** Limits at four times the rate, where samples and true peaks are nearly one. */
const limiter = ({ driveDb }: Limiting): string => {
  const ceiling = 10 ** ((TARGET_DBTP - CODEC_HEADROOM_DB) / 20);
  return (
    `volume=${driveDb.toFixed(2)}dB:precision=double,aresample=${SAMPLE_RATE * 4},` +
    `alimiter=limit=${ceiling.toFixed(5)}:attack=2:release=60:level=disabled,` +
    `aresample=${SAMPLE_RATE},aformat=sample_fmts=dbl:channel_layouts=mono`
  );
};

/** Between the passes, for sound with high peaks: what the limiter makes of it. */
export function measureLimitedCommand(limiting: Limiting, limitSeconds: number): MediaCommand {
  return {
    input: source(),
    graph: `[0:a:0]${MONO},${limiter(limiting)},${METER}[heard]`,
    outputs: nowhere('heard', limitSeconds),
  };
}

/**
 * `audio` is best for voices. Of bare low tones its voice model loses some decibels; `lowdelay` has none, keeps the
 * level, and is a little less clear at the same bit rate.
 */
export type OpusMode = 'audio' | 'lowdelay';

/** The widest that `loudnorm` knows. */
const MOST_RANGE_LU = 20;

/**
 * The range that `loudnorm` is told. Wider sound is stated as the widest, so that it is only turned up or down; and 0, which
 * a short or even sound has, would mean to it that nothing was measured.
 */
const rangeFor = ({ rangeLu }: Loudness): number => Math.min(Math.max(rangeLu, 0.1), MOST_RANGE_LU);

/**
 * Pass 2: both renditions and the waveform's samples in one run.
 * @param measured what pass 1 found, after the limiter if there is one.
 * @param targetLufs {@link TARGET_LUFS}, or what the peaks allow.
 * @param limits `bytes` ends a file that grows beyond what its length allows; `inHaste` gives up a little of the encoder's
 *   care (its complexity, RFC 6716 §2.1.5) for a quarter of the work: of a synthetic voice nobody hears the difference.
 */
export function encodeCommand(
  measured: Loudness,
  limiting: Limiting | null,
  targetLufs: number,
  opus: OpusMode,
  limits: { readonly seconds: number; readonly bytes: number; readonly inHaste?: boolean },
): MediaCommand {
  const normalise = [
    `loudnorm=I=${targetLufs.toFixed(2)}`,
    `TP=${TARGET_DBTP}`,
    `LRA=${MOST_RANGE_LU}`,
    `measured_I=${measured.integratedLufs.toFixed(2)}`,
    `measured_TP=${measured.truePeakDbtp.toFixed(2)}`,
    `measured_LRA=${rangeFor(measured).toFixed(2)}`,
    `measured_thresh=${measured.thresholdLufs.toFixed(2)}`,
    'linear=true',
    'print_format=json',
  ].join(':');
  const chain = [MONO, ...(limiting === null ? [] : [limiter(limiting)]), normalise];
  const common = ['-t', String(limits.seconds), ...STRIPPED];
  const file = [...common, '-fs', String(limits.bytes)];
  return {
    input: source(),
    // The last aformat is for ffmpeg 4, which otherwise cannot agree on a channel layout behind loudnorm.
    graph:
      `[0:a:0]${chain.join(',')},aresample=${SAMPLE_RATE},aformat=sample_fmts=flt:channel_layouts=mono,` +
      `asplit=3[opus][mp3][all];[all]aresample=${WAVEFORM_RATE},aformat=sample_fmts=s16:channel_layouts=mono[wave]`,
    outputs: [
      {
        options: [
          '-map',
          '[opus]',
          '-codec:a',
          'libopus',
          '-b:a',
          '48k',
          '-vbr',
          'on',
          '-application',
          opus,
          ...(limits.inHaste === true ? ['-compression_level', '6'] : []),
          ...file,
          '-f',
          'ogg',
        ],
        target: FILES.opus,
      },
      {
        options: [
          '-map',
          '[mp3]',
          '-codec:a',
          'libmp3lame',
          '-b:a',
          '96k',
          ...file,
          '-id3v2_version',
          '0',
          '-f',
          'mp3',
        ],
        target: FILES.mp3,
      },
      { options: ['-map', '[wave]', '-codec:a', 'pcm_s16le', ...common, '-f', 's16le'], target: 'pipe' },
    ],
  };
}

/** A file as bare samples: 16 bits, one channel, {@link SAMPLE_RATE}. */
export function samplesCommand(file: string, target: string): MediaCommand {
  return {
    input: { options: [...FENCE, '-vn', '-sn', '-dn'], file },
    graph: `[0:a:0]${MONO}[all]`,
    outputs: [{ options: ['-map', '[all]', '-codec:a', 'pcm_s16le', ...STRIPPED, '-f', 's16le'], target }],
  };
}

/** Afterwards: decodes the Opus rendition as a device will, and measures what comes out. */
export function verifyCommand(limitSeconds: number): MediaCommand {
  return {
    input: { options: [...FENCE], file: FILES.opus },
    graph: `[0:a:0]${MONO},${METER}[heard]`,
    outputs: nowhere('heard', limitSeconds),
  };
}
