import { refused } from '../trouble.ts';
import { attributesOf } from './attributes.ts';

/** A stretch of a file. */
export interface ByteRange {
  readonly from: number;
  readonly bytes: number;
}

export interface Encryption {
  readonly uri: string;
  /** Null for the segment's number. */
  readonly iv: Uint8Array | null;
}

export interface Segment {
  readonly sequence: number;
  readonly uri: string;
  readonly durationMs: number;
  readonly range: ByteRange | null;
  readonly key: Encryption | null;
  /** What must come before it: the head of a fragmented MP4. */
  readonly map: { readonly uri: string; readonly range: ByteRange | null } | null;
  /** Whether something else begins with it. */
  readonly discontinuity: boolean;
}

export interface MediaPlaylist {
  readonly kind: 'media';
  readonly targetMs: number;
  readonly segments: readonly Segment[];
  /** Nothing more will come. */
  readonly ended: boolean;
}

export interface Variant {
  readonly uri: string;
  readonly bandwidth: number;
  /** Whether there are pictures in it, as far as it says. */
  readonly pictures: boolean;
}

export interface MasterPlaylist {
  readonly kind: 'master';
  /** Sound alone, by the server's own choice first, then the others. */
  readonly sounds: readonly string[];
  readonly variants: readonly Variant[];
}

const MOST_LINES = 50_000;
const LONGEST_TARGET_S = 60;

/**
 * Reads an M3U8 playlist (RFC 8216).
 * @throws StreamTrouble `bad-playlist`, or `encrypted` for what only a licence opens.
 */
export function parsePlaylist(text: string): MediaPlaylist | MasterPlaylist {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/, MOST_LINES + 1)
    .map((line) => line.trim());
  if (lines.length > MOST_LINES) throw refused('bad-playlist', 'The playlist is too long.');
  if (lines[0] !== '#EXTM3U')
    throw refused('bad-playlist', 'This is no playlist: it does not begin with #EXTM3U.');
  return lines.some((line) => line.startsWith('#EXT-X-STREAM-INF:')) ? master(lines) : media(lines);
}

function master(lines: readonly string[]): MasterPlaylist {
  const variants: Variant[] = [];
  const sounds: { uri: string; chosen: boolean }[] = [];
  let pending: Omit<Variant, 'uri'> | null = null;
  for (const line of lines) {
    if (line.startsWith('#EXT-X-STREAM-INF:')) {
      const said = attributesOf(toldBy(line));
      const codecs = said.get('CODECS') ?? '';
      const pictures =
        said.has('RESOLUTION') || /avc|hvc|hev|vp0?[89]|av01|mp4v|dvh/.test(codecs) || codecs === '';
      pending = { bandwidth: Number(said.get('BANDWIDTH') ?? 0) || 0, pictures };
    } else if (line.startsWith('#EXT-X-MEDIA:')) {
      const said = attributesOf(toldBy(line));
      const uri = said.get('URI');
      if (said.get('TYPE') === 'AUDIO' && uri !== undefined)
        sounds.push({ uri, chosen: said.get('DEFAULT') === 'YES' });
    } else if (line !== '' && !line.startsWith('#') && pending !== null) {
      variants.push({ uri: line, ...pending });
      pending = null;
    }
  }
  if (variants.length === 0) throw refused('bad-playlist', 'The playlist names nothing to play.');
  const ordered = [...sounds.filter(({ chosen }) => chosen), ...sounds.filter(({ chosen }) => !chosen)];
  return { kind: 'master', sounds: ordered.map(({ uri }) => uri), variants };
}

/** More than this, a village's loudspeaker does not render. */
const ENOUGH_BANDWIDTH = 200_000;

/**
 * What a loudspeaker needs of a choice: sound alone, as good as it can use; else what is sent beside the pictures; else the
 * smallest of all.
 */
export function chooseVariant({ sounds, variants }: MasterPlaylist): string {
  const ascending = [...variants].sort((a, b) => a.bandwidth - b.bandwidth);
  const plain = ascending.filter(({ pictures }) => !pictures);
  const good = plain.filter(({ bandwidth }) => bandwidth <= ENOUGH_BANDWIDTH).at(-1) ?? plain[0];
  const uri = good?.uri ?? sounds[0] ?? ascending[0]?.uri;
  if (uri === undefined) throw refused('bad-playlist', 'The playlist names nothing to play.');
  return uri;
}

function media(lines: readonly string[]): MediaPlaylist {
  const segments: Segment[] = [];
  let targetMs = 0;
  let sequence = 0;
  let ended = false;
  let durationMs = 0;
  let key: Segment['key'] = null;
  let map: Segment['map'] = null;
  let range: { bytes: number; from: number | null } | null = null;
  let discontinuity = false;
  let rangeEnd = { uri: '', at: 0 };
  for (const line of lines) {
    const value = toldBy(line);
    if (line.startsWith('#EXT-X-TARGETDURATION:')) targetMs = secondsOf(value, LONGEST_TARGET_S) * 1_000;
    else if (line.startsWith('#EXT-X-MEDIA-SEQUENCE:')) sequence = wholeOf(value);
    else if (line.startsWith('#EXTINF:')) durationMs = secondsOf(value.split(',', 1)[0] ?? '', 600) * 1_000;
    else if (line.startsWith('#EXT-X-BYTERANGE:')) range = rangeOf(value);
    else if (line.startsWith('#EXT-X-KEY:')) key = keyOf(value);
    else if (line.startsWith('#EXT-X-MAP:')) map = mapOf(value);
    else if (line === '#EXT-X-DISCONTINUITY') discontinuity = true;
    else if (line === '#EXT-X-ENDLIST') ended = true;
    else if (line !== '' && !line.startsWith('#')) {
      const from = range === null ? 0 : (range.from ?? (rangeEnd.uri === line ? rangeEnd.at : 0));
      const part = range === null ? null : { from, bytes: range.bytes };
      if (part !== null) rangeEnd = { uri: line, at: part.from + part.bytes };
      segments.push({ sequence, uri: line, durationMs, range: part, key, map, discontinuity });
      sequence += 1;
      range = null;
      discontinuity = false;
    }
  }
  if (targetMs === 0) throw refused('bad-playlist', 'The playlist does not say how long its pieces are.');
  return { kind: 'media', targetMs, segments, ended };
}

const toldBy = (line: string): string => line.slice(line.indexOf(':') + 1);

function secondsOf(text: string, most: number): number {
  const seconds = Number(text);
  if (!(seconds >= 0 && seconds <= most))
    throw refused('bad-playlist', `“${text.slice(0, 40)}” is no length of time.`);
  return seconds;
}

function wholeOf(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0)
    throw refused('bad-playlist', `“${text.slice(0, 40)}” is no number.`);
  return value;
}

/** `bytes[@from]` */
function rangeOf(text: string): { bytes: number; from: number | null } {
  const [bytes = '', from] = text.split('@', 2);
  return { bytes: wholeOf(bytes), from: from === undefined ? null : wholeOf(from) };
}

function keyOf(value: string): Encryption | null {
  const said = attributesOf(value);
  const method = said.get('METHOD');
  if (method === 'NONE') return null;
  const format = said.get('KEYFORMAT') ?? 'identity';
  const uri = said.get('URI');
  if (method !== 'AES-128' || format !== 'identity' || uri === undefined) {
    throw refused(
      'encrypted',
      `The stream is encrypted (${method ?? 'unknown'}); only AES-128 with an open key is played.`,
    );
  }
  const iv = said.get('IV');
  if (iv === undefined) return { uri, iv: null };
  if (!/^0x[0-9a-f]{1,32}$/i.test(iv)) throw refused('bad-playlist', 'The playlist has an unreadable IV.');
  return { uri, iv: Buffer.from(iv.slice(2).padStart(32, '0'), 'hex') };
}

function mapOf(value: string): Segment['map'] {
  const said = attributesOf(value);
  const uri = said.get('URI');
  if (uri === undefined) throw refused('bad-playlist', 'The playlist has a head without an address.');
  const range = said.get('BYTERANGE');
  const { bytes, from } = range === undefined ? { bytes: 0, from: 0 } : rangeOf(range);
  return { uri, range: range === undefined ? null : { from: from ?? 0, bytes } };
}
