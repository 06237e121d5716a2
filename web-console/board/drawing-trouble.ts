const KEY = 'loa-drawing-failed';
const MOST = 3;
const WITHIN_MS = 10 * 60_000;

/** Begins the page anew when drawing fails, a few times: what fails for ever is told as a fault, and the board stays dark. */
export class DrawingTrouble {
  readonly #restart: () => void;
  #restarting = false;

  constructor(restart: () => void) {
    this.#restart = restart;
  }

  met(error: unknown): void {
    console.error(error);
    if (this.#restarting) return;
    const now = Date.now();
    const before = (sessionStorage.getItem(KEY) ?? '')
      .split(' ')
      .map(Number)
      .filter((at) => at > now - WITHIN_MS);
    if (before.length >= MOST) return;
    this.#restarting = true;
    sessionStorage.setItem(KEY, [...before, now].join(' '));
    // What went wrong is told first.
    setTimeout(this.#restart, 3_000);
  }
}
