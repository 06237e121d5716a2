/** Samples from −1 to 1 as little-endian 16-bit ones. */
export function wholeNumbers(block: Float32Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(block.length * 2);
  const view = new DataView(bytes.buffer);
  for (const [index, sample] of block.entries())
    view.setInt16(index * 2, Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), true);
  return bytes;
}
