/**
 * The level of one frequency in samples, RMS in dB of full scale (Goertzel, 1958): what a cheap processor computes
 * without a Fourier transform. At least −120. @param rate samples a second.
 */
export function levelAt(samples: Int16Array, frequency: number, rate: number): number {
  const { length } = samples;
  if (length === 0) return -120;
  const coefficient = 2 * Math.cos((2 * Math.PI * frequency) / rate);
  let before = 0;
  let last = 0;
  for (const sample of samples) {
    const next = sample / 32_768 + coefficient * last - before;
    before = last;
    last = next;
  }
  const power = before * before + last * last - coefficient * before * last;
  const rms = (Math.sqrt(Math.max(0, power)) * 2) / length / Math.SQRT2;
  return Math.max(-120, 20 * Math.log10(Math.max(rms, 1e-9)));
}
