/** By EBU R 128 / ITU-R BS.1770, of the mono signal. */
export interface Loudness {
  readonly integratedLufs: number;
  readonly truePeakDbtp: number;
  readonly rangeLu: number;
  readonly thresholdLufs: number;
}

const NUMBER = String.raw`(-?(?:\d+(?:\.\d+)?|inf|nan))`;
const SUMMARY = new RegExp(
  String.raw`Integrated loudness:\s+I:\s+${NUMBER} LUFS\s+Threshold:\s+${NUMBER} LUFS` +
    String.raw`\s+Loudness range:\s+LRA:\s+${NUMBER} LU[\s\S]*?True peak:\s+Peak:\s+${NUMBER} dBFS`,
);

/**
 * Reads the summary that ffmpeg's `ebur128` prints when it ends. Only the last one counts: text inside the file may
 * look like one, but it is printed before.
 * @throws Error when there is none, or a number of it cannot be read. Silence is −70 LUFS and −∞ dBTP, as ffmpeg says it.
 */
export function readLoudness(log: readonly string[]): Loudness {
  const start = log.findLastIndex((line) => /Parsed_ebur128_\d+ @ .*Summary:/.test(line));
  const found = start < 0 ? null : SUMMARY.exec(log.slice(start).join('\n'));
  if (found === null)
    throw new Error(`ffmpeg did not print a loudness summary: ${log.slice(-5).join(' | ')}`);
  const [integratedLufs, thresholdLufs, rangeLu, truePeakDbtp] = found.slice(1).map(toNumber);
  if (
    integratedLufs === undefined ||
    thresholdLufs === undefined ||
    rangeLu === undefined ||
    truePeakDbtp === undefined
  ) {
    throw new Error('unreachable: the expression has four groups');
  }
  return { integratedLufs, thresholdLufs, rangeLu, truePeakDbtp };
}

function toNumber(text: string): number {
  if (text === '-inf') return Number.NEGATIVE_INFINITY;
  const value = Number(text);
  if (!Number.isFinite(value)) throw new Error(`${text} is not a level`);
  return value;
}
