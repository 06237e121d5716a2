/** One channel onto several, as hardware wants it: interleaved. */
export function spread(samples: Int16Array, channels: number): Int16Array {
  if (channels === 1) return samples;
  const wide = new Int16Array(samples.length * channels);
  for (let index = 0; index < wide.length; index += 1)
    wide[index] = samples[Math.floor(index / channels)] ?? 0;
  return wide;
}
