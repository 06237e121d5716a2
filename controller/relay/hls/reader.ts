import { createDecipheriv } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Doorway } from '../connect.ts';
import { openWhole, webAddress } from '../fetch.ts';
import { lost, plainAddress, refused, StreamTrouble } from '../trouble.ts';
import {
  type ByteRange,
  chooseVariant,
  type Encryption,
  type MediaPlaylist,
  parsePlaylist,
  type Segment,
} from './playlist.ts';

const MOST_PLAYLIST_BYTES = 1_000_000;
const MOST_SEGMENT_BYTES = 24_000_000;
const KEY_BYTES = 16;
/** So far behind the newest piece a live stream is begun (RFC 8216, 6.3.3). */
const TARGETS_BEHIND = 3;
/** Pieces that could not be fetched, in a row. */
const MOST_LOST = 3;
/** A playlist that has stood still for so many of its own lengths is dead. */
const STILL_TARGETS = 5;
const MOST_KEYS = 8;
/** However short its pieces are: nobody is asked more often. */
const LEAST_WAIT_MS = 500;

/** A piece of sound as it came; `fresh` where something else begins and nothing before it helps to read it. */
export interface Piece {
  readonly bytes: Buffer;
  readonly fresh: boolean;
}

/**
 * Follows an HLS stream: chooses a variant, asks for its playlist again and again, and yields the pieces that are new,
 * decrypted. Every address in it is judged like the first.
 * @param first the playlist that was opened, with its own address.
 * @throws StreamTrouble; the signal's reason when cancelled. It ends by itself when the playlist says so.
 */
export async function* readHls(
  first: { readonly url: URL; readonly text: string },
  doorway: Doorway,
  signal: AbortSignal,
): AsyncGenerator<Piece> {
  const reader = new Reader(doorway, signal);
  let { url, playlist } = await reader.enter(first);
  let next = startOf(playlist);
  let mapped = '';
  let losses = 0;
  let changedAt = performance.now();
  let began = false;
  for (;;) {
    const wanted = playlist.segments.filter(({ sequence }) => sequence >= next);
    for (const segment of wanted) {
      const skipped = segment.sequence > next && began;
      const map = segment.map === null ? '' : JSON.stringify(segment.map);
      try {
        const bytes = await reader.segment(segment, url);
        const fresh = !began || segment.discontinuity || map !== mapped;
        const needsHead = segment.map !== null && (fresh || skipped);
        const head = needsHead ? await reader.head(segment, url) : Buffer.alloc(0);
        yield { bytes: Buffer.concat([head, bytes]), fresh: fresh || (skipped && segment.map !== null) };
        began = true;
        mapped = map;
        losses = 0;
      } catch (error) {
        losses += 1;
        if (!(error instanceof StreamTrouble) || error.kind === 'refused' || losses >= MOST_LOST) throw error;
      }
      next = segment.sequence + 1;
    }
    if (playlist.ended) return;
    const now = performance.now();
    if (wanted.length > 0) changedAt = now;
    if (now - changedAt > STILL_TARGETS * playlist.targetMs) {
      throw lost('stalled', `Nothing new comes in ${plainAddress(url)}.`);
    }
    // As the standard asks: a whole length after news, half of one after none.
    const wait = wanted.length > 0 ? playlist.targetMs : playlist.targetMs / 2;
    await sleep(Math.max(LEAST_WAIT_MS, wait), undefined, { signal });
    const fetched = await reader.playlist(url);
    url = fetched.url;
    playlist = fetched.playlist;
    // A server that was started anew counts from the beginning.
    const last = playlist.segments.at(-1);
    if (last !== undefined && last.sequence < next - 1 - playlist.segments.length) next = startOf(playlist);
  }
}

function startOf({ segments, targetMs, ended }: MediaPlaylist): number {
  if (ended) return segments[0]?.sequence ?? 0;
  let behind = 0;
  let sequence = segments.at(-1)?.sequence ?? 0;
  for (const segment of segments.toReversed()) {
    behind += segment.durationMs;
    if (behind > TARGETS_BEHIND * targetMs) break;
    sequence = segment.sequence;
  }
  return sequence;
}

class Reader {
  readonly #doorway: Doorway;
  readonly #signal: AbortSignal;
  readonly #keys = new Map<string, Buffer>();

  constructor(doorway: Doorway, signal: AbortSignal) {
    this.#doorway = doorway;
    this.#signal = signal;
  }

  /** Down from a choice of variants to one that can be played. */
  async enter({ url, text }: { url: URL; text: string }): Promise<{ url: URL; playlist: MediaPlaylist }> {
    const playlist = parsePlaylist(text);
    if (playlist.kind === 'media') return { url, playlist };
    return await this.playlist(webAddress(chooseVariant(playlist), url));
  }

  async playlist(address: URL): Promise<{ url: URL; playlist: MediaPlaylist }> {
    const { url, bytes } = await this.#whole(address, MOST_PLAYLIST_BYTES);
    const playlist = parsePlaylist(bytes.toString('utf8'));
    if (playlist.kind !== 'media')
      throw refused('bad-playlist', 'A choice of variants leads to another choice.');
    return { url, playlist };
  }

  async segment({ uri, range, key, sequence }: Segment, base: URL): Promise<Buffer> {
    const { bytes } = await this.#whole(webAddress(uri, base), MOST_SEGMENT_BYTES, range);
    return key === null ? bytes : decrypted(bytes, await this.#key(key, base), key.iv ?? ivOf(sequence));
  }

  async head({ map, key, sequence }: Segment, base: URL): Promise<Buffer> {
    if (map === null) return Buffer.alloc(0);
    const { bytes } = await this.#whole(webAddress(map.uri, base), MOST_SEGMENT_BYTES, map.range);
    return key === null ? bytes : decrypted(bytes, await this.#key(key, base), key.iv ?? ivOf(sequence));
  }

  async #key({ uri }: Encryption, base: URL): Promise<Buffer> {
    const address = webAddress(uri, base);
    const known = this.#keys.get(address.href);
    if (known !== undefined) return known;
    const { bytes } = await this.#whole(address, 1_000);
    if (bytes.length !== KEY_BYTES) throw refused('encrypted', 'The key of the stream is none.');
    if (this.#keys.size >= MOST_KEYS) this.#keys.clear();
    this.#keys.set(address.href, bytes);
    return bytes;
  }

  #whole(url: URL, mostBytes: number, range: ByteRange | null = null) {
    const part = range === null ? {} : { range };
    return openWhole(url, this.#doorway, { signal: this.#signal, mostBytes, ...part });
  }
}

function decrypted(bytes: Buffer, key: Buffer, iv: Uint8Array): Buffer {
  const decipher = createDecipheriv('aes-128-cbc', key, iv);
  try {
    return Buffer.concat([decipher.update(bytes), decipher.final()]);
  } catch (error) {
    throw lost('encrypted', 'A piece of the stream does not fit its key.', error);
  }
}

/** The segment's number, as 128 bits. */
function ivOf(sequence: number): Buffer {
  const iv = Buffer.alloc(16);
  iv.writeBigUInt64BE(BigInt(sequence), 8);
  return iv;
}
