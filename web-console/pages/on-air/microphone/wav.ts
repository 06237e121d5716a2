const HEADER = 44;

/** 16-bit samples of one channel as a WAV file. @param parts little-endian bytes of the samples. */
export function wavOf(parts: readonly Uint8Array<ArrayBuffer>[], sampleRate: number): Blob {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const head = new Uint8Array(HEADER);
  const view = new DataView(head.buffer);
  const encoder = new TextEncoder();
  head.set(encoder.encode('RIFF'));
  view.setUint32(4, HEADER - 8 + length, true);
  head.set(encoder.encode('WAVEfmt '), 8);
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  head.set(encoder.encode('data'), 36);
  view.setUint32(40, length, true);
  return new Blob([head, ...parts], { type: 'audio/wav' });
}
