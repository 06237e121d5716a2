/** What a stream may be, by ffmpeg's demuxers: none of them opens anything else by what it reads. */
export const STREAM_FORMATS = ['mp3', 'aac', 'ogg', 'flac', 'mpegts', 'mov', 'matroska', 'wav'] as const;
export type StreamFormat = (typeof STREAM_FORMATS)[number];

/** What a server calls it. */
const BY_TYPE: Readonly<Record<string, StreamFormat>> = {
  'audio/mpeg': 'mp3',
  'audio/mp3': 'mp3',
  'audio/x-mpeg': 'mp3',
  'audio/aac': 'aac',
  'audio/aacp': 'aac',
  'audio/x-aac': 'aac',
  'audio/ogg': 'ogg',
  'application/ogg': 'ogg',
  'audio/opus': 'ogg',
  'audio/flac': 'flac',
  'audio/x-flac': 'flac',
  'video/mp2t': 'mpegts',
  'audio/mp4': 'mov',
  'video/mp4': 'mov',
  'audio/webm': 'matroska',
  'video/webm': 'matroska',
  'audio/wav': 'wav',
  'audio/x-wav': 'wav',
};

/** Enough to tell what it is. */
export const SNIFFED_BYTES = 4_096;

/**
 * What it is by its first bytes, and only where these say nothing by what the server calls it: a stream is joined in the
 * middle, where MP3 and AAC have no mark but their frames.
 * @returns null when it is nothing that is played.
 */
export function formatOf(head: Uint8Array, contentType: string): StreamFormat | null {
  return marked(head) ?? BY_TYPE[contentType] ?? framed(head);
}

const text = (head: Uint8Array, at: number, length: number): string =>
  Buffer.from(head.subarray(at, at + length)).toString('latin1');

function marked(head: Uint8Array): StreamFormat | null {
  if (text(head, 0, 4) === 'OggS') return 'ogg';
  if (text(head, 0, 4) === 'fLaC') return 'flac';
  if (text(head, 0, 4) === 'RIFF' && text(head, 8, 4) === 'WAVE') return 'wav';
  if (['ftyp', 'styp', 'moof', 'moov', 'sidx'].includes(text(head, 4, 4))) return 'mov';
  if (head[0] === 0x1a && head[1] === 0x45 && head[2] === 0xdf && head[3] === 0xa3) return 'matroska';
  if (head[0] === 0x47 && head[188] === 0x47 && head[376] === 0x47) return 'mpegts';
  if (text(head, 0, 3) === 'ID3') return framed(head.subarray(id3Length(head))) ?? 'mp3';
  return null;
}

/** With its header; HLS puts one with the time before every piece of bare AAC or MP3. */
function id3Length(head: Uint8Array): number {
  const [a = 0, b = 0, c = 0, d = 0] = head.subarray(6, 10);
  return 10 + ((a << 21) | (b << 14) | (c << 7) | d);
}

/** The first two frames that follow each other. */
function framed(head: Uint8Array): StreamFormat | null {
  for (let at = 0; at + 7 < head.length; at += 1) {
    if (head[at] !== 0xff) continue;
    const second = head[at + 1] ?? 0;
    if ((second & 0xf6) === 0xf0) {
      const length =
        (((head[at + 3] ?? 0) & 3) << 11) | ((head[at + 4] ?? 0) << 3) | ((head[at + 5] ?? 0) >> 5);
      if (length > 7 && follows(head, at + length, 0xf6, 0xf0)) return 'aac';
    } else if ((second & 0xe6) === 0xe2) {
      const length = mp3FrameBytes(head, at);
      if (length !== null && follows(head, at + length, 0xe6, 0xe2)) return 'mp3';
    }
  }
  return null;
}

const follows = (head: Uint8Array, at: number, mask: number, value: number): boolean =>
  at + 1 < head.length ? head[at] === 0xff && ((head[at + 1] ?? 0) & mask) === value : false;

const KBIT = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const KBIT_2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const HERTZ = [44_100, 48_000, 32_000];

/** Of layer III. */
function mp3FrameBytes(head: Uint8Array, at: number): number | null {
  const version = ((head[at + 1] ?? 0) >> 3) & 3;
  const third = head[at + 2] ?? 0;
  const rate = HERTZ[(third >> 2) & 3];
  const kbit = (version === 3 ? KBIT : KBIT_2)[third >> 4];
  if (version === 1 || rate === undefined || kbit === undefined || kbit === 0) return null;
  const hertz = version === 3 ? rate : version === 2 ? rate / 2 : rate / 4;
  return Math.floor(((version === 3 ? 144 : 72) * kbit * 1_000) / hertz) + ((third >> 1) & 1);
}
