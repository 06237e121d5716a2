import { type Beat, type BoardReport, type Heartbeat, WHOLE_EVERY_MS } from './messages/heartbeat.ts';

export type Told =
  | { readonly kind: 'heartbeat'; readonly message: Heartbeat }
  | { readonly kind: 'beat'; readonly message: Beat };

/** What must have moved by so much since it was last told, to be worth telling. */
const WORTH = { temperatureC: 3, mainsV: 8, signalDbm: 8, freeShare: 0.01, driftPpm: 2 };
/** The bound of the clock's error may double before it is told again, and need not be told below this, ms. */
const ERROR_WORTH_MS = 20;

/**
 * Says of each heartbeat whether it must be a whole one. A village pays for its bytes by the month, and an idle device has
 * the same to say every half minute: then a short one refers to the last whole one by its number.
 */
export class Account {
  #n = -1;
  #told: Heartbeat | null = null;
  #toldAt = 0;

  /** A new session, a new controller, or a controller that asks: the next one is whole. */
  begin(): void {
    this.#told = null;
  }

  /** @param now of the monotonic clock, ms. */
  next(account: Heartbeat, now: number): Told {
    const told = this.#told;
    if (told !== null && now - this.#toldAt < WHOLE_EVERY_MS && !worthTelling(told, account)) {
      const drawn = account.board === undefined ? {} : { drawnAgoMs: account.board.drawnAgoMs };
      return { kind: 'beat', message: { v: 1, same: this.#n, ...drawn } };
    }
    this.#n += 1;
    const message = { ...account, n: this.#n };
    this.#told = message;
    this.#toldAt = now;
    return { kind: 'heartbeat', message };
  }
}

/** While something sounds every heartbeat is whole: its level is shown as it sounds. A board shows the same for hours. */
function worthTelling(told: Heartbeat, now: Heartbeat): boolean {
  if (now.board === undefined && (now.playing !== null || told.playing !== null)) return true;
  const exact = (heartbeat: Heartbeat): string =>
    JSON.stringify([
      heartbeat.session,
      heartbeat.desiredRevision,
      heartbeat.plan,
      heartbeat.fetching,
      heartbeat.stored,
      heartbeat.volume,
      heartbeat.muted,
      heartbeat.brightness,
      heartbeat.outputDelayMs,
      heartbeat.outbox,
      heartbeat.faults,
      heartbeat.clock.synced,
      heartbeat.board === undefined ? null : seenOn(heartbeat.board, heartbeat.playing),
    ]);
  if (exact(told) !== exact(now)) return true;
  const { errorMs } = now.clock;
  if (errorMs > ERROR_WORTH_MS && errorMs > told.clock.errorMs * 2) return true;
  return (
    moved(told.temperatureC, now.temperatureC, WORTH.temperatureC) ||
    moved(told.mainsV, now.mainsV, WORTH.mainsV) ||
    moved(told.signalDbm, now.signalDbm, WORTH.signalDbm) ||
    moved(told.clock.driftPpm, now.clock.driftPpm, WORTH.driftPpm) ||
    moved(told.storage?.freeBytes, now.storage?.freeBytes, WORTH.freeShare * (now.storage?.totalBytes ?? 0))
  );
}

/** Of a board all but its page, and what turns with it. */
const seenOn = (board: BoardReport, playing: Heartbeat['playing']): unknown => [
  playing?.occurrence,
  board.mode,
  board.scene?.sha256,
  board.deadPixels,
  board.powered,
  // Whether the panel shows what was drawn.
  board.seenSha256 === board.pixelsSha256,
];

function moved(told: number | undefined, now: number | undefined, worth: number): boolean {
  if (told === undefined || now === undefined) return told !== now;
  return Math.abs(now - told) > worth;
}
