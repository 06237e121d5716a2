import type { FirmwareOffer } from '#devices/messages/firmware';
import { Backoff, pause } from '../backoff.ts';
import { download, WrongContent } from '../download.ts';
import type { Slots } from './slots.ts';

export interface InstallationDesk {
  readonly slots: Slots;
  /** Root of the device HTTP interface, and the credential for it. */
  readonly http: string;
  readonly bearer: string;
  readonly retry: { readonly minMs: number; readonly maxMs: number };
  readonly now: () => number;
  /** For how long, from now, nothing plays or is due, ms. */
  readonly quietForMs: () => number;
  /** How long it must be quiet for a restart. */
  readonly quietMs: number;
  readonly onTrouble: (error: unknown) => void;
  /** The image is in the other slot, whole. */
  readonly onReady: () => void;
}

/** Bytes that are not those of the offer may come of a bad link once or twice. */
const MOST_WRONG = 3;
const LONGEST_WAIT_MS = 10_000;

/**
 * Brings an image into the slot that is not running, and waits for a moment at which a restart costs nobody a programme.
 * @returns `ready` when the device may restart into it; `called-off`; or the reason why it cannot be.
 */
export async function install(
  offer: FirmwareOffer,
  desk: InstallationDesk,
  signal: AbortSignal,
): Promise<'ready' | 'called-off' | 'bad-image' | 'expired'> {
  const { slots, quietForMs, quietMs, now, onReady } = desk;
  if (!(await slots.holds(offer.sha256))) {
    const outcome = await fetchImage(offer, desk, signal);
    if (outcome !== 'fetched') return outcome;
    await slots.filled(offer.version, offer.sha256);
  }
  onReady();
  while (!signal.aborted && quietForMs() < quietMs) {
    const waitMs = Math.min(LONGEST_WAIT_MS, Math.max(quietMs / 4, 20));
    await pause(waitMs, signal);
  }
  if (signal.aborted) return 'called-off';
  // It may have waited for days: an offer that nobody renewed, or a card that was written elsewhere meanwhile.
  if ((slots.offer?.expiresAt ?? 0) < now()) return 'expired';
  return (await slots.holds(offer.sha256)) ? 'ready' : 'bad-image';
}

async function fetchImage(
  offer: FirmwareOffer,
  { slots, http, bearer, retry, onTrouble }: InstallationDesk,
  signal: AbortSignal,
): Promise<'fetched' | 'called-off' | 'bad-image'> {
  const { sha256, bytes } = offer;
  const backoff = new Backoff(retry.minMs, retry.maxMs);
  let wrong = 0;
  while (!signal.aborted) {
    try {
      await slots.clearFor(sha256);
      // The path alone is the offer's to choose, and only where firmware is: it is named by its hash.
      const url = `${http}/device/v1/firmware/${sha256}`;
      await download({ url, bearer, sha256, bytes, path: slots.imagePath }, signal);
      return 'fetched';
    } catch (error) {
      if (signal.aborted) break;
      onTrouble(error);
      if (error instanceof WrongContent) wrong += 1;
      if (wrong >= MOST_WRONG) return 'bad-image';
    }
    await pause(backoff.next(), signal);
  }
  return 'called-off';
}
