import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { FILES } from './commands.ts';

/**
 * Whether WAV and Ogg files end where they say they do. ffmpeg does not tell: of a WAV file cut in half it says the
 * half that is there, and of an Ogg file the last whole page.
 * @returns the share of the file that is there, 1 when nothing is known to be missing. A recorder that died leaves
 *   the sizes in a WAV header at 0 or at the greatest number; such a file is whole as far as anyone can know.
 */
export async function shareThere(container: string, cwd: string): Promise<number> {
  const file = await open(path.join(cwd, FILES.source), 'r');
  try {
    if (container === 'wav') return await shareOfWav(file);
    if (container === 'ogg') return await shareOfOgg(file);
    return 1;
  } finally {
    await file.close();
  }
}

/** What programs write that cannot go back to the header: 0, or something near the greatest number. */
const isUnknown = (bytes: number): boolean => bytes === 0 || bytes >= 0x7fff_0000;

async function shareOfWav(file: FileHandle): Promise<number> {
  const { size } = await file.stat();
  const head = Buffer.alloc(8);
  // RIFF header, then chunks: a name of four letters, a size, and that many bytes, padded to an even number.
  let at = 12;
  for (let chunk = 0; chunk < 1_000 && at + 8 <= size; chunk += 1) {
    await file.read(head, 0, 8, at);
    const bytes = head.readUInt32LE(4);
    if (head.toString('latin1', 0, 4) === 'data') {
      const end = at + 8 + bytes;
      // An encoder that counted its last block as full is forgiven.
      return isUnknown(bytes) || end <= size + 4_096 ? 1 : Math.max(0, size - at - 8) / bytes;
    }
    at += 8 + bytes + (bytes % 2);
  }
  return 1;
}

/** A page is at most 27 + 255 + 255 × 255 bytes (RFC 3533); its last one must end with the file. */
async function shareOfOgg(file: FileHandle): Promise<number> {
  const { size } = await file.stat();
  const tail = Buffer.alloc(Math.min(size, 65_536));
  await file.read(tail, 0, tail.length, size - tail.length);
  const start = tail.lastIndexOf('OggS');
  if (start < 0 || start + 27 > tail.length) return 0.99;
  const segments = tail[start + 26] ?? 0;
  const lacing = tail.subarray(start + 27, start + 27 + segments);
  if (lacing.length < segments) return 0.99;
  const end = start + 27 + segments + lacing.reduce((sum, bytes) => sum + bytes, 0);
  return end > tail.length ? 0.99 : 1;
}
