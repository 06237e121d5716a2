import type { AllowedHours } from '#controller/http/contract/policies';

/** `24:00` ends a day; on a clock that a person sets it is the midnight after. */
export const shownUntil = (until: string): string => (until === '24:00' ? '00:00' : until);
export const storedUntil = (until: string): string => (until === '00:00' ? '24:00' : until);

export const minutesOf = (clock: string): number =>
  Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));

/** What cannot be meant: an end before its beginning, two that meet, a time that is not typed. */
export function wrongHours(bands: readonly AllowedHours[]): 'empty' | 'backwards' | 'meet' | null {
  if (bands.some(({ from, until }) => from === '' || until === '')) return 'empty';
  if (bands.some(({ from, until }) => minutesOf(until) <= minutesOf(from))) return 'backwards';
  const sorted = [...bands].sort((one, other) => minutesOf(one.from) - minutesOf(other.from));
  const meet = sorted.some((band, index) => {
    const next = sorted[index + 1];
    return next !== undefined && minutesOf(next.from) < minutesOf(band.until);
  });
  return meet ? 'meet' : null;
}
