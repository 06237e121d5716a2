import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { WAV_HEADER_BYTES, wavHeader } from './wav-header.ts';

/** Puts the samples of one WAV file of ours behind those of another of the same rate. */
export async function appendWav(file: string, more: string): Promise<void> {
  const out = await open(file, 'r+');
  try {
    let at = (await out.stat()).size;
    const bytes = at + (await stat(more)).size - 2 * WAV_HEADER_BYTES;
    for await (const chunk of createReadStream(more, { start: WAV_HEADER_BYTES })) {
      await out.write(chunk, 0, chunk.length, at);
      at += chunk.length;
    }
    const { buffer } = await out.read(Buffer.alloc(WAV_HEADER_BYTES), 0, WAV_HEADER_BYTES, 0);
    await out.write(wavHeader(buffer.readUInt32LE(24), bytes), 0, WAV_HEADER_BYTES, 0);
    await out.sync();
  } finally {
    await out.close();
  }
}
