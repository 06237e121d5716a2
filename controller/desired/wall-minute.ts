const MINUTE_MS = 60_000;
const MINUTES_A_DAY = 1_440;

/**
 * A time of the site's wall clock as minute of the UTC day. Where the offset changes with the season the documents are
 * made anew at the change; a device that is offline then follows the old one until it hears of it.
 * @param time `HH:MM`. @param offsetMs of that clock from UTC.
 */
export function utcMinute(time: string, offsetMs: number): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  const utc = hour * 60 + minute - Math.round(offsetMs / MINUTE_MS);
  return ((utc % MINUTES_A_DAY) + MINUTES_A_DAY) % MINUTES_A_DAY;
}
