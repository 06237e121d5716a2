import { readFile } from 'node:fs/promises';
import type { BlobStore } from '../blobs/store.ts';
import type { Store } from '../database/open.ts';
import { DEFAULT_CHIME } from '../library/library.ts';
import { OggPackets } from './ogg-packets.ts';

/** The library's chime as packets that a stream can carry; none when there is no chime yet. */
export async function chimePackets({ sqlite }: Store, blobs: BlobStore): Promise<Uint8Array[]> {
  const sha256 = sqlite
    .prepare<[string], string | null>(
      "SELECT opus_sha256 FROM asset WHERE id = ? AND state = 'ready' AND removed_at IS NULL",
    )
    .pluck()
    .get(DEFAULT_CHIME);
  if (sha256 === undefined || sha256 === null) return [];
  return new OggPackets().feed(await readFile(blobs.path(sha256)));
}
