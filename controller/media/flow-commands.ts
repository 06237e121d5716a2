import { SAMPLE_RATE } from './commands.ts';

/** Between two programs of ours sound is this: 32-bit floating point, little-endian, one channel, {@link SAMPLE_RATE}. */
export const FLOW_BYTES_PER_SECOND = SAMPLE_RATE * 4;
/** A live packet's length. */
export const PACKET_MS = 20;
export const PACKET_SAMPLES = (SAMPLE_RATE * PACKET_MS) / 1_000;

const QUIET: readonly string[] = ['-hide_banner', '-nostdin', '-nostats', '-v', 'error'];
/** One channel, every sample counted: a jump in the timestamps of a stream is neither silence nor length. */
const MONO = `asetpts=N/SR/TB,aresample=${SAMPLE_RATE},aformat=sample_fmts=flt:channel_layouts=mono`;
const SAMPLES: readonly string[] = ['-c:a', 'pcm_f32le', '-f', 'f32le', '-flush_packets', '1', 'pipe:1'];

/**
 * A stream that comes by the standard input, as one kind and no other, to samples. Nothing that the stream says makes
 * ffmpeg open anything: it has no protocol but the pipe.
 * @param format the name of a demuxer that reads one thing after the other.
 */
export const decodeFlow = (format: string): readonly string[] => [
  ...QUIET,
  ...['-protocol_whitelist', 'pipe', '-format_whitelist', format, '-max_alloc', String(64 * 1024 * 1024)],
  ...['-probesize', '65536', '-analyzeduration', '1000000', '-fflags', '+nobuffer+discardcorrupt'],
  ...['-f', format, '-i', 'pipe:0', '-vn', '-sn', '-dn', '-map', '0:a:0', '-af', MONO, ...SAMPLES],
];

/** One of our own renditions to samples. @param file a path that we made. */
export const decodeFileFlow = (file: string): readonly string[] => [
  ...QUIET,
  ...['-protocol_whitelist', 'file', '-format_whitelist', 'ogg', '-f', 'ogg', '-i', `file:${file}`],
  ...['-map', '0:a:0', '-af', MONO, ...SAMPLES],
];

/**
 * Samples that come as they are to be heard, to Opus packets of {@link PACKET_MS}, one on each page of an Ogg stream. What
 * is louder than the station's ceiling is held back, without making anything louder.
 */
export const encodeFlow = (ceilingDbfs: number): readonly string[] => [
  ...QUIET,
  ...['-protocol_whitelist', 'pipe', '-fflags', '+nobuffer', '-probesize', '32', '-analyzeduration', '0'],
  ...['-f', 'f32le', '-ar', String(SAMPLE_RATE), '-ac', '1', '-i', 'pipe:0'],
  ...['-af', `alimiter=limit=${(10 ** (ceilingDbfs / 20)).toFixed(4)}:attack=5:release=80:level=disabled`],
  ...[
    '-c:a',
    'libopus',
    '-b:a',
    '48k',
    '-vbr',
    'on',
    '-application',
    'audio',
    '-frame_duration',
    String(PACKET_MS),
  ],
  ...['-f', 'ogg', '-page_duration', String(PACKET_MS * 1_000), '-flush_packets', '1', 'pipe:1'],
];
