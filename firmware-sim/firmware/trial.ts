export interface TrialDesk {
  /** Connected, the clock compared with the controller's, and the plan held. */
  readonly healthy: () => boolean;
  /** How long the new firmware has to become healthy, ms. */
  readonly withinMs: number;
  readonly commit: () => Promise<void>;
  /** It did not become healthy: a start anew brings the old slot back. */
  readonly giveUp: () => void;
  readonly onTrouble: (error: unknown) => void;
}

const LOOKS = 100;

/** The health gate of a firmware on trial. Whatever keeps it from committing, a hang or a power cut, ends in the old slot. */
export class Trial {
  readonly #desk: TrialDesk;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(desk: TrialDesk) {
    this.#desk = desk;
  }

  start(): void {
    const { withinMs } = this.#desk;
    this.#look(performance.now() + withinMs, Math.max(20, withinMs / LOOKS));
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #look(deadline: number, everyMs: number): void {
    const { healthy, commit, giveUp, onTrouble } = this.#desk;
    if (this.#stopped) return;
    if (healthy()) {
      // A disk that does not take the commit is no health either: the deadline comes, and the old slot.
      commit().catch((error: unknown) => {
        onTrouble(error);
        if (!this.#stopped) giveUp();
      });
    } else if (performance.now() >= deadline) giveUp();
    else this.#timer = setTimeout(() => this.#look(deadline, everyMs), everyMs);
  }
}
