import type { CryptoKey } from 'jose';
import type { Logger } from 'pino';
import type { FirmwareOffer } from '#devices/messages/firmware';
import { sign } from '#devices/signature';
import type { Clock } from '../clock.ts';
import type { Component } from '../component.ts';
import type { Store } from '../database/open.ts';
import { OPEN } from './rollout-rows.ts';

export interface OffersDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  readonly key: { readonly kid: string; readonly privateKey: CryptoKey };
  readonly link: {
    readonly connected: boolean;
    publishFirmware(device: string, jws: string): Promise<boolean>;
    clearFirmware(device: string): Promise<boolean>;
    onConnected(listener: () => void): () => void;
  };
}

const IN_ONE_GO = 200;
const ANSWER_MS = 10_000;
const DAY_MS = 86_400_000;
/**
 * An offer is good for two weeks and renewed after five days, so that a device which is shown an old one for ever, instead
 * of what came after it, stops believing it (the freeze attack of TUF, §1.5.2).
 */
const VALID_MS = 14 * DAY_MS;
const RENEWED_AFTER_MS = 5 * DAY_MS;

interface Wanted {
  readonly device_id: string;
  readonly rollout_id: string;
  readonly model: string;
  readonly version: string;
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * The offer that lies retained for each device, as the database says that it should: computed anew whenever something
 * changed, and for all concerned whenever the link has come to stand, so that lost messages, broker and controller
 * restarts end in the same place. What was called off is cleared, and remembered until the broker took that.
 */
export class Offers implements Component {
  readonly #deps: OffersDeps;
  readonly #due = new Set<string>();
  #work: Promise<void> | undefined;
  #unlisten: (() => void) | undefined;
  #stopped = false;

  constructor(deps: OffersDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    const { link } = this.#deps;
    this.#unlisten = link.onConnected(() => void this.publishAll());
    if (link.connected) await this.publishAll();
  }

  async stop(): Promise<void> {
    this.#unlisten?.();
    this.#stopped = true;
    await this.#work;
  }

  /** Brings what these devices are offered up to date. Never rejects: what fails is told again at the next connection. */
  refresh(devices: Iterable<string>): Promise<void> {
    for (const device of devices) this.#due.add(device);
    this.#work ??= this.#drain();
    return this.#work;
  }

  /** Every offer that stands or should stand, as when a broker started empty. */
  publishAll(): Promise<void> {
    return this.refresh(
      this.#deps.store.sqlite
        .prepare<[], string>(
          `SELECT device_id FROM firmware_offer
            UNION SELECT rd.device_id FROM rollout r JOIN rollout_device rd ON rd.rollout_id = r.id
              AND rd.stage <= r.stage AND rd.step IN ${OPEN} WHERE r.state = 'running'`,
        )
        .pluck()
        .all(),
    );
  }

  /** Offers that grow old are signed anew, and those of devices that were retired are cleared. Called every minute or so. */
  renew(): void {
    const old = this.#deps.store.sqlite
      .prepare<[number], string>(
        `SELECT o.device_id FROM firmware_offer o JOIN device d ON d.id = o.device_id
          WHERE o.issued_at < ? OR d.removed_at IS NOT NULL`,
      )
      .pluck()
      .all(this.#deps.clock.now() - RENEWED_AFTER_MS);
    if (old.length > 0) void this.refresh(old);
  }

  /**
   * A device found an offer expired. @returns whether that is no failure: it spoke of one that has been renewed since, or
   * gets a fresh one now. It is one when it said so of the fresh one: then its clock is wrong.
   */
  expired(device: string, id: string): boolean {
    const { store, clock } = this.#deps;
    const now = clock.now();
    const standing = store.sqlite
      .prepare<[string], { rollout_id: string; issued_at: number }>(
        'SELECT rollout_id, issued_at FROM firmware_offer WHERE device_id = ?',
      )
      .get(device);
    if (standing === undefined) return false;
    if (offerId(standing.rollout_id, standing.issued_at) !== id) return true;
    if (standing.issued_at >= now - DAY_MS) return false;
    store.sqlite.prepare('UPDATE firmware_offer SET issued_at = ? WHERE device_id = ?').run(now, device);
    void this.refresh([device]);
    return true;
  }

  async #drain(): Promise<void> {
    // Not within the caller: what is due while this runs must find it running until the very moment it looks no more.
    await Promise.resolve();
    while (!this.#stopped && this.#due.size > 0) {
      const devices = [...this.#due].slice(0, IN_ONE_GO);
      for (const device of devices) this.#due.delete(device);
      try {
        await this.#settle(devices);
      } catch (error) {
        this.#deps.log.error({ err: error, devices: devices.length }, 'firmware offers could not be issued');
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#work = undefined;
  }

  async #settle(devices: readonly string[]): Promise<void> {
    const { store, clock, link } = this.#deps;
    const { sqlite } = store;
    const now = clock.now();
    const given = sqlite
      .prepare<[string], { device_id: string; rollout_id: string; issued_at: number }>(
        'SELECT * FROM firmware_offer WHERE device_id IN (SELECT value FROM json_each(?))',
      )
      .all(JSON.stringify(devices));
    const before = new Map(given.map((offer) => [offer.device_id, offer]));
    const wanted = new Map<string, Wanted & { issuedAt: number }>();
    const issue = sqlite.prepare(
      `INSERT INTO firmware_offer (device_id, rollout_id, issued_at) VALUES (?, ?, ?)
        ON CONFLICT DO UPDATE SET rollout_id = excluded.rollout_id, issued_at = excluded.issued_at`,
    );
    sqlite.transaction(() => {
      for (const offer of sqlite.prepare<[string], Wanted>(WANTED).all(JSON.stringify(devices))) {
        const old = before.get(offer.device_id);
        const good = old?.rollout_id === offer.rollout_id && now - old.issued_at < RENEWED_AFTER_MS;
        const issuedAt = good ? old.issued_at : now;
        if (!good) issue.run(offer.device_id, offer.rollout_id, now);
        wanted.set(offer.device_id, { ...offer, issuedAt });
      }
    })();
    // Without a link nothing is lost: all is published when it stands again.
    if (!link.connected) return;
    const offered = [...wanted.values()].map((offer) => inTime(this.#publish(offer)));
    const called = given.map((offer) => offer.device_id).filter((device) => !wanted.has(device));
    const gone = await Promise.all(
      called.map(async (device) => (await inTime(link.clearFirmware(device))) && device),
    );
    if ((await Promise.all(offered)).includes(false) || gone.includes(false)) this.#tryAgain(devices);
    const forget = sqlite.prepare('DELETE FROM firmware_offer WHERE device_id = ?');
    sqlite.transaction(() => {
      for (const device of gone) if (device !== false) forget.run(device);
    })();
  }

  /** What the broker did not take is told again; when the link broke, its return tells it too, and once more does no harm. */
  #tryAgain(devices: readonly string[]): void {
    setTimeout(() => void this.refresh(devices), ANSWER_MS).unref();
  }

  async #publish({
    device_id: device,
    rollout_id: rollout,
    issuedAt,
    ...image
  }: Wanted & { issuedAt: number }) {
    const { key, link } = this.#deps;
    const { model, version, sha256, bytes } = image;
    const body: FirmwareOffer = {
      ...{ v: 1, model, version, sha256, bytes },
      url: `/device/v1/firmware/${sha256}`,
    };
    const claims = { jti: offerId(rollout, issuedAt), aud: device, issuedAt, expiresAt: issuedAt + VALID_MS };
    return await link.publishFirmware(device, await sign('firmware', body, claims, key));
  }
}

/** A broker that never answers for one device must not keep the offers of all others waiting. */
async function inTime(publishing: Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ANSWER_MS);
  });
  return await Promise.race([publishing, late]).finally(() => clearTimeout(timer));
}

/** The `jti` of an offer, by which a device acknowledges it. The same offer is the same bytes for ever. */
export const offerId = (rollout: string, issuedAt: number): string => `${rollout}-${issuedAt.toString(36)}`;

/** Of which rollout an acknowledgement speaks. */
export const rolloutOf = (offer: string): string => offer.slice(0, Math.max(0, offer.lastIndexOf('-')));

/** A device in the middle of its restart keeps its offer whatever became of the rollout, so that it can tell how it went. */
const WANTED = `
  SELECT rd.device_id, max(rd.rollout_id) AS rollout_id, i.model, i.version, i.sha256, i.bytes
  FROM rollout_device rd
  JOIN rollout r ON r.id = rd.rollout_id
  JOIN firmware_image i ON i.id = r.image_id
  JOIN device d ON d.id = rd.device_id AND d.removed_at IS NULL
  WHERE rd.device_id IN (SELECT value FROM json_each(?)) AND rd.stage <= r.stage
    AND (r.state = 'running' AND rd.step IN ${OPEN} OR r.state IN ('halted','cancelled') AND rd.step = 'restarting')
  GROUP BY rd.device_id`;
