import type { CryptoKey } from 'jose';
import type { Ack } from '#devices/messages/ack';
import { compareVersions, type FirmwareOffer } from '#devices/messages/firmware';
import { type Claims, verify } from '#devices/signature';
import { type InstallationDesk, install } from './installation.ts';
import type { Outcome, Slots } from './slots.ts';
import { Trial } from './trial.ts';

export interface UpdaterDesk extends Omit<InstallationDesk, 'onReady'> {
  readonly slots: Slots;
  readonly device: string;
  readonly model: string;
  readonly controllerKey: CryptoKey;
  /** Resolves when the clock can judge an expiry. */
  readonly clockReady: () => Promise<void>;
  readonly ack: (ack: Ack) => void;
  readonly onRefused: (reason: string) => void;
  /** Something of the firmware changed, in a few words, for whoever runs the device. */
  readonly onChange: (what: string) => void;
  readonly healthy: () => boolean;
  readonly trialMs: number;
  /** Ends this life of the device and begins the next. */
  readonly restart: () => void;
}

/** Offers wait for each other; a flood of them is dropped, since the one that stands is retained. */
const MOST_WAITING = 10;

/**
 * Keeps the firmware what the controller offers: judges each offer, installs what holds, and lets what was installed
 * prove itself. An offer is retained and comes again with every connection; it is then answered with how far it came, so
 * that no acknowledgement needs to be kept.
 */
export class Updater {
  readonly #desk: UpdaterDesk;
  readonly #trial: Trial;
  #chain: Promise<void> = Promise.resolve();
  #waiting = 0;
  #work: { readonly sha256: string; readonly abort: AbortController; readonly done: Promise<void> } | null =
    null;
  /** An offer for something else than what is on trial: its turn comes when that is committed. */
  #next: Buffer | null = null;
  readonly #over = new AbortController();
  readonly #stopped: Promise<void>;

  constructor(desk: UpdaterDesk) {
    this.#desk = desk;
    this.#stopped = new Promise((resolve) => {
      this.#over.signal.addEventListener('abort', () => resolve());
    });
    this.#trial = new Trial({
      healthy: desk.healthy,
      withinMs: desk.trialMs,
      // In turn with the offers: the one that is being read must find the trial either standing or over.
      commit: () => this.#inTurn(() => this.#commit()),
      giveUp: () => {
        desk.onChange(`firmware ${desk.slots.version} did not become healthy`);
        desk.restart();
      },
      onTrouble: desk.onTrouble,
    });
  }

  start(): void {
    const { slots, onChange } = this.#desk;
    if (slots.onTrial) {
      onChange(`firmware ${slots.version} on trial`);
      this.#trial.start();
    }
    if (slots.rolledBack) {
      onChange(`firmware ${slots.version} runs again`);
      this.#tell(slots.offer?.outcome ?? null);
    }
  }

  async stop(): Promise<void> {
    this.#over.abort();
    this.#trial.stop();
    this.#work?.abort.abort();
    await this.#chain;
    await this.#abandon();
  }

  /** An offer as it came; empty when the one before is called off. */
  offered(payload: Buffer): void {
    if (this.#waiting >= MOST_WAITING) return;
    this.#waiting += 1;
    const jws = payload.toString('latin1').trim();
    this.#inTurn(() => (jws === '' ? this.#abandon() : this.#read(jws)))
      .catch(this.#desk.onTrouble)
      .finally(() => {
        this.#waiting -= 1;
      });
  }

  #inTurn(act: () => Promise<void>): Promise<void> {
    const turn = this.#chain.then(act);
    this.#chain = turn.catch(() => undefined);
    return turn;
  }

  async #read(jws: string): Promise<void> {
    const { device, controllerKey, slots, clockReady, now } = this.#desk;
    await Promise.race([clockReady(), this.#stopped]);
    if (this.#over.signal.aborted) return;
    // Time does not run backwards behind what the controller has signed: a clock set back revives no old offer.
    const earliest = Math.max(now(), slots.newestOfferAt);
    const audiences = new Set([device]);
    const read = await verify('firmware', jws, controllerKey, { audiences, now: earliest });
    if (read.ok && slots.onTrial && read.body.sha256 !== slots.sha256) this.#next = Buffer.from(jws);
    else if (!read.ok) this.#refuse(read.id, read.reason);
    else if (read.claims.issuedAt < slots.newestOfferAt) this.#refuse(read.claims.jti, 'replayed');
    else await this.#judge(read.body, read.claims);
  }

  async #judge(offer: FirmwareOffer, claims: Claims): Promise<void> {
    const { slots, model } = this.#desk;
    const { sha256, version } = offer;
    const standing = slots.offer;
    const { jti: id, expiresAt } = claims;
    if (standing?.id === id && standing.outcome !== null) return this.#tell(standing.outcome);
    const outcome = this.#outcomeOf(offer, model);
    await slots.stand({ id, sha256, version, expiresAt, outcome }, claims.issuedAt);
    if (outcome !== null) {
      this.#tell(outcome);
      if (outcome.state === 'rejected') this.#desk.onRefused(outcome.reason ?? 'unsupported');
      await this.#abandon();
      return;
    }
    this.#say(slots.onTrial ? 'started' : 'received');
    if (slots.onTrial || this.#work?.sha256 === sha256) return;
    await this.#abandon();
    this.#begin(offer);
  }

  /** What there is to say of an offer without trying it; null when it is to be installed. */
  #outcomeOf({ model, version, sha256 }: FirmwareOffer, own: string): Outcome | null {
    const { slots } = this.#desk;
    if (model !== own) return { state: 'rejected', reason: 'wrong-model' };
    if (slots.isDowngrade(version)) return { state: 'rejected', reason: 'downgrade' };
    if (compareVersions(version, slots.version) === 0) return slots.onTrial ? null : { state: 'ended' };
    return slots.wasUnhealthy(sha256) ? { state: 'rejected', reason: 'unhealthy' } : null;
  }

  #begin(offer: FirmwareOffer): void {
    if (this.#over.signal.aborted) return;
    const abort = new AbortController();
    const { onChange, onTrouble } = this.#desk;
    const onReady = (): void => {
      onChange(`firmware ${offer.version} downloaded`);
      this.#say('ready');
    };
    const done = install(offer, { ...this.#desk, onReady }, abort.signal)
      .then((outcome) => (abort.signal.aborted ? undefined : this.#installed(offer, outcome)))
      .catch(onTrouble)
      .finally(() => {
        if (this.#work?.abort === abort) this.#work = null;
      });
    this.#work = { sha256: offer.sha256, abort, done };
  }

  async #installed(offer: FirmwareOffer, outcome: Awaited<ReturnType<typeof install>>): Promise<void> {
    const { slots, restart, onRefused, onChange } = this.#desk;
    if (outcome === 'called-off') return;
    if (outcome !== 'ready') {
      await slots.settle({ state: 'rejected', reason: outcome });
      this.#tell(slots.offer?.outcome ?? null);
      onRefused(outcome);
      return;
    }
    await slots.arm();
    this.#say('started');
    onChange(`restarting into firmware ${offer.version}`);
    restart();
  }

  async #commit(): Promise<void> {
    const { slots, onChange } = this.#desk;
    await slots.commit();
    onChange(`firmware ${slots.version} committed`);
    this.#tell({ state: 'ended' });
    if (this.#next !== null) this.offered(this.#next);
    this.#next = null;
  }

  /** The work on an offer ends where it is. What is on trial goes on: how it ends is worth knowing. */
  async #abandon(): Promise<void> {
    const work = this.#work;
    this.#work = null;
    work?.abort.abort();
    await work?.done;
  }

  #tell(outcome: Outcome | null): void {
    if (outcome !== null) this.#say(outcome.state, outcome.reason);
  }

  #say(state: Ack['state'], reason?: string): void {
    const { slots, ack, now } = this.#desk;
    const why = reason === undefined ? {} : { reason };
    ack({ v: 1, id: slots.offer?.id ?? null, subject: 'firmware', state, ...why, at: now() });
  }

  #refuse(id: string | null, reason: string): void {
    const { ack, now, onRefused } = this.#desk;
    ack({ v: 1, id, subject: 'firmware', state: 'rejected', reason, at: now() });
    onRefused(reason);
  }
}
