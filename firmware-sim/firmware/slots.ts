import { join } from 'node:path';
import { z } from 'zod';
import { compareVersions, FirmwareVersion } from '#devices/messages/firmware';
import { ReasonCode, Sha256 } from '#devices/primitives';
import { hashOf } from '../download.ts';
import { diskTrouble, isMissing, makeDirectory, readOrForget, remove, writeWhole } from '../whole-file.ts';

const SlotName = z.enum(['a', 'b']);
type SlotName = z.infer<typeof SlotName>;

/** `sha256` null: what the factory wrote, which is in no file. */
const Slot = z.object({ version: FirmwareVersion, sha256: Sha256.nullable() });

/** What became of an offer. */
const Outcome = z.object({ state: z.enum(['ended', 'rejected']), reason: ReasonCode.optional() });
export type Outcome = z.infer<typeof Outcome>;

/** The offer that stands, by its `jti`; `outcome` null while it is being worked on. `expiresAt` in epoch ms. */
const StandingOffer = z.object({
  id: z.string(),
  sha256: Sha256,
  version: FirmwareVersion,
  expiresAt: z.number(),
  outcome: Outcome.nullable(),
});
export type StandingOffer = z.infer<typeof StandingOffer>;

const State = z.object({
  active: SlotName,
  slots: z.object({ a: Slot.nullable(), b: Slot.nullable() }),
  /** The other slot is to be tried at the next start (`armed`), or was being tried when this was written (`begun`). */
  trial: z.enum(['armed', 'begun']).nullable(),
  /** Which image the other slot's unfinished file belongs to. */
  fetching: Sha256.nullable(),
  /** The highest version ever committed: nothing below it is taken again (TUF §1.5.2, rollback). */
  highest: FirmwareVersion,
  /** When the newest genuine offer was signed, epoch ms: time is not before that, whatever the clock says. */
  newestOfferAt: z.number(),
  offer: StandingOffer.nullable(),
  /** Images that did not prove themselves; the latest few. */
  unhealthy: z.array(Sha256),
});
type State = z.infer<typeof State>;

const MOST_REMEMBERED = 16;

/**
 * The two slots of a device's firmware on its disk, and all that it must not forget about them. One small file says which
 * slot runs; it is replaced whole, so that whenever the power goes the next start finds one of the two states, and a slot
 * that can be started.
 */
export class Slots {
  readonly #dir: string;
  #state: State;
  #chain: Promise<void> = Promise.resolve();
  /** The slot that was started; on trial not the one that a power cut would start. */
  readonly #running: SlotName;
  /** The start before this one was a trial that did not commit. */
  readonly rolledBack: boolean;

  private constructor(dir: string, state: State, rolledBack: boolean) {
    this.#dir = dir;
    this.#state = state;
    this.rolledBack = rolledBack;
    this.#running = state.trial === 'begun' ? other(state.active) : state.active;
  }

  /**
   * Starts the device's firmware: the boot loader. A trial that is armed is begun, once; one that had begun and was not
   * committed, whatever the reason, is over, and the old slot runs again.
   * @param dir the device's directory. @param factory the version in the first slot as it left the factory.
   */
  static async boot(dir: string, factory: FirmwareVersion): Promise<Slots> {
    const home = join(dir, 'firmware');
    const state = await readState(home, factory);
    if (state.trial === null) return new Slots(home, state, false);
    const tried = state.slots[other(state.active)];
    const image = imageOf(home, other(state.active));
    const whole = tried !== null && (await isWhole(image, tried.sha256).catch(() => false));
    const begins = state.trial === 'armed' && whole;
    const next: State = begins
      ? { ...state, trial: 'begun' }
      : rolledBack(state, whole ? 'unhealthy' : 'bad-image');
    const noted = await keep(home, next).then(
      () => true,
      (error: unknown) => {
        if (diskTrouble(error) === null) throw error;
        return false;
      },
    );
    // What a disk does not note is not begun: the old slot runs, and the trial waits for another start.
    return begins && !noted ? new Slots(home, state, false) : new Slots(home, next, !begins);
  }

  /** What runs. */
  get version(): FirmwareVersion {
    return this.#state.slots[this.#running]?.version ?? this.#state.highest;
  }

  /** The hash of its image; null as it left the factory. */
  get sha256(): string | null {
    return this.#state.slots[this.#running]?.sha256 ?? null;
  }

  /** What runs has not been committed yet. */
  get onTrial(): boolean {
    return this.#state.trial === 'begun';
  }

  get offer(): StandingOffer | null {
    return this.#state.offer;
  }

  get newestOfferAt(): number {
    return this.#state.newestOfferAt;
  }

  /** Whether a version is below what runs, or below one that was ever committed. */
  isDowngrade(version: FirmwareVersion): boolean {
    return compareVersions(version, this.version) < 0 || compareVersions(version, this.#state.highest) < 0;
  }

  wasUnhealthy(sha256: string): boolean {
    return this.#state.unhealthy.includes(sha256);
  }

  /** Where the image that is not running is, or will be. */
  get imagePath(): string {
    return imageOf(this.#dir, other(this.#state.active));
  }

  /** Whether the slot that is not running holds this image, undamaged. */
  async holds(sha256: string): Promise<boolean> {
    const slot = this.#state.slots[other(this.#state.active)];
    return slot?.sha256 === sha256 && (await isWhole(this.imagePath, sha256));
  }

  /** An offer was found genuine. */
  async stand(offer: StandingOffer, issuedAt: number): Promise<void> {
    await this.#keep((state) => ({ offer, newestOfferAt: Math.max(state.newestOfferAt, issuedAt) }));
  }

  async settle(outcome: Outcome): Promise<void> {
    await this.#keep(({ offer }) => ({ offer: offer === null ? null : { ...offer, outcome } }));
  }

  /** Makes the other slot ready for an image; what an earlier try for the same one left is kept. */
  async clearFor(sha256: string): Promise<void> {
    const idle = other(this.#state.active);
    await makeDirectory(join(this.#dir, idle));
    if (this.#state.fetching !== sha256) {
      await remove(this.imagePath);
      await remove(`${this.imagePath}.part`);
    }
    await this.#keep(({ slots }) => ({ slots: { ...slots, [idle]: null }, fetching: sha256 }));
  }

  /** The other slot holds the image whole. */
  async filled(version: FirmwareVersion, sha256: string): Promise<void> {
    const idle = other(this.#state.active);
    await this.#keep(({ slots }) => ({ slots: { ...slots, [idle]: { version, sha256 } }, fetching: null }));
  }

  /** The next start tries the other slot. */
  async arm(): Promise<void> {
    await this.#keep(() => ({ trial: 'armed' }));
  }

  /** The trial went well: from now on this slot is the one that is started. */
  async commit(): Promise<void> {
    const { version } = this;
    await this.#keep(({ highest, offer }) => ({
      active: this.#running,
      trial: null,
      highest: compareVersions(version, highest) > 0 ? version : highest,
      offer: offer === null ? null : { ...offer, outcome: { state: 'ended' } },
    }));
  }

  /** One change after the other, each upon the last: two at once would let the later write undo the earlier one. */
  #keep(change: (state: State) => Partial<State>): Promise<void> {
    const turn = this.#chain.then(async () => {
      const next = { ...this.#state, ...change(this.#state) };
      await keep(this.#dir, next);
      this.#state = next;
    });
    this.#chain = turn.catch(() => undefined);
    return turn;
  }
}

const other = (slot: SlotName): SlotName => (slot === 'a' ? 'b' : 'a');
const imageOf = (home: string, slot: SlotName): string => join(home, slot, 'image');
const stateOf = (home: string): string => join(home, 'slots.json');

/** A state that cannot be read must not leave a device that cannot be started: it begins anew with what the factory wrote. */
async function readState(home: string, factory: FirmwareVersion): Promise<State> {
  const fresh: State = {
    active: 'a',
    slots: { a: { version: factory, sha256: null }, b: null },
    trial: null,
    fetching: null,
    highest: factory,
    newestOfferAt: 0,
    offer: null,
    unhealthy: [],
  };
  return (await readOrForget(stateOf(home), State)) ?? fresh;
}

async function keep(home: string, state: State): Promise<void> {
  await makeDirectory(home);
  await writeWhole(stateOf(home), JSON.stringify(state));
}

function rolledBack(state: State, reason: string): State {
  const idle = other(state.active);
  const sha256 = state.slots[idle]?.sha256;
  const failed = reason === 'unhealthy' && typeof sha256 === 'string' ? [sha256] : [];
  return {
    ...state,
    trial: null,
    slots: { ...state.slots, [idle]: null },
    unhealthy: [...state.unhealthy, ...failed].slice(-MOST_REMEMBERED),
    offer: state.offer === null ? null : { ...state.offer, outcome: { state: 'rejected', reason } },
  };
}

async function isWhole(path: string, sha256: string | null): Promise<boolean> {
  try {
    return (await hashOf(path)) === sha256;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
