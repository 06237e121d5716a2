import type { Doorway } from './connect.ts';
import { open, webAddress } from './fetch.ts';
import { formatOf, SNIFFED_BYTES, type StreamFormat } from './format.ts';
import { type Piece, readHls } from './hls/reader.ts';
import { lost, plainAddress, refused } from './trouble.ts';

/** A stream that answers: what it is, and its bytes. */
export interface Source {
  readonly format: StreamFormat;
  readonly hls: boolean;
  readonly pieces: AsyncIterable<Piece>;
}

/** Playlists that point at playlists. */
const MOST_STEPS = 3;
const MOST_PLAYLIST_BYTES = 1_000_000;
/** A second of sound at the highest rates, with pictures; more, for long, is no stream that is played as it comes. */
const MOST_BYTES_PER_SECOND = 2_000_000;
const FREE_BYTES = 16_000_000;

/**
 * Opens an address: a stream, an HLS playlist, or one of the small playlists (`.m3u`, `.pls`) that name a stream.
 * @throws StreamTrouble; the signal's reason when cancelled.
 */
export async function openSource(address: string, doorway: Doorway, signal: AbortSignal): Promise<Source> {
  let url = webAddress(address);
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const answer = await open(url, doorway, { signal });
    const pieces = answer.body[Symbol.asyncIterator]();
    const head = await firstBytes(pieces);
    if (head.length === 0) throw lost('empty', `${plainAddress(answer.url)} sends nothing.`);
    if (!isList(head, answer.contentType, answer.url)) {
      const format = formatOf(head, answer.contentType);
      if (format === null) {
        answer.close();
        throw refused('not-a-stream', `${plainAddress(answer.url)} is nothing that can be played.`);
      }
      return { format, hls: false, pieces: paced(joined(head, pieces), answer.url) };
    }
    const text = (await restOf(head, pieces)).toString('utf8');
    answer.close();
    if (/^\uFEFF?#EXTM3U[\s\S]*#EXT-X-/.test(text)) {
      return await hls(readHls({ url: answer.url, text }, doorway, signal), answer.url);
    }
    url = webAddress(firstEntry(text), answer.url);
  }
  throw refused('bad-playlist', `${plainAddress(address)} leads from playlist to playlist.`);
}

async function firstBytes(pieces: AsyncIterator<Buffer>): Promise<Buffer> {
  let head = Buffer.alloc(0);
  while (head.length < SNIFFED_BYTES) {
    const piece = await pieces.next();
    if (piece.done === true) break;
    head = Buffer.concat([head, piece.value]);
    // What is small is a playlist, or is told by its mark.
    if (/^(\uFEFF?#EXTM3U|\[playlist\])/i.test(head.subarray(0, 16).toString('utf8'))) break;
  }
  return head;
}

const LIST_TYPES = /mpegurl|x-scpls|pls\+xml/;

function isList(head: Buffer, contentType: string, url: URL): boolean {
  const start = head.subarray(0, 32).toString('utf8');
  if (/^\uFEFF?(#EXTM3U|\[playlist\])/i.test(start)) return true;
  return (
    (LIST_TYPES.test(contentType) || /\.(m3u|pls)$/i.test(url.pathname)) && /^\uFEFF?\s*https?:/i.test(start)
  );
}

async function restOf(head: Buffer, pieces: AsyncIterator<Buffer>): Promise<Buffer> {
  let all = head;
  for (;;) {
    const piece = await pieces.next();
    if (piece.done === true) return all;
    all = Buffer.concat([all, piece.value]);
    if (all.length > MOST_PLAYLIST_BYTES) throw refused('too-large', 'The playlist is too long.');
  }
}

/** @throws StreamTrouble `bad-playlist`. */
function firstEntry(text: string): string {
  for (const line of text.split(/\r?\n/)) {
    const entry = (/^\s*File\d+\s*=\s*(.+)$/i.exec(line)?.[1] ?? line).trim();
    if (entry !== '' && !/^[#[]/.test(entry) && !/^[\w-]+\s*=/.test(entry)) return entry;
  }
  throw refused('bad-playlist', 'The playlist names nothing to play.');
}

/** What HLS carries is known by its first piece. */
async function hls(pieces: AsyncGenerator<Piece>, url: URL): Promise<Source> {
  const first = await pieces.next();
  if (first.done === true) throw lost('empty', `${plainAddress(url)} has nothing to play.`);
  const format = formatOf(first.value.bytes.subarray(0, SNIFFED_BYTES), '');
  if (format === null) throw refused('not-a-stream', `${plainAddress(url)} is nothing that can be played.`);
  return { format, hls: true, pieces: after(first.value, pieces) };
}

async function* after(first: Piece, rest: AsyncGenerator<Piece>): AsyncGenerator<Piece> {
  try {
    yield first;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

async function* joined(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield head;
    for (;;) {
      const piece = await rest.next();
      if (piece.done === true) return;
      yield piece.value;
    }
  } finally {
    await rest.return?.();
  }
}

async function* paced(body: AsyncIterable<Buffer>, url: URL): AsyncGenerator<Piece> {
  const began = performance.now();
  let bytes = 0;
  let fresh = true;
  for await (const piece of body) {
    bytes += piece.length;
    if (bytes > FREE_BYTES + ((performance.now() - began) / 1_000) * MOST_BYTES_PER_SECOND) {
      throw refused('too-fast', `${plainAddress(url)} sends more than any stream of sound has.`);
    }
    yield { bytes: piece, fresh };
    fresh = false;
  }
}
