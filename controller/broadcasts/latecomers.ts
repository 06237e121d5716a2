import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { ORDER_LIFE_MS, type Orders, prepareOrder, startOrder, stopOrder } from './orders.ts';
import { PersonalMail } from './personal-mail.ts';
import type { Run } from './run.ts';
import { OVER, type Shares } from './shares.ts';

export interface LatecomersDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly orders: Orders;
  readonly shares: Shares;
  readonly runOf: (id: string) => Run | undefined;
}

/** More silent devices than this are no matter of single messages that were lost. */
const MOST_REMINDED = 500;

/** Tells devices by their own topics what they missed: who was away when the others were told, or said nothing. */
export class Latecomers {
  readonly #deps: LatecomersDeps;
  readonly #mail: PersonalMail;

  constructor(deps: LatecomersDeps) {
    this.#deps = deps;
    this.#mail = new PersonalMail(
      (key, devices) => this.#deliver(key, devices),
      (error) => deps.log.error({ err: error }, 'a device could not be told of a broadcast'),
    );
  }

  /**
   * A device that came back. To be called inside a transaction.
   * @param boot its power-up: one that plays, and has been under power all the time, needs no word; and it keeps what
   *   it plays on its disk besides.
   * @returns whether it was absent, and is asked now.
   */
  born(run: Run, device: string, boot: number): boolean {
    const { shares, clock } = this.#deps;
    const share = shares.one(run.id, device);
    if (share === null || OVER.has(share.state)) return false;
    if (share.stopAsked || run.state === 'stopped') {
      if (share.state !== 'absent') this.#mail.post(`stop ${run.id}`, [device]);
      return false;
    }
    if (share.state === 'started' && share.boot === boot) return false;
    if (run.state === 'preparing' && share.state === 'ready') return false;
    this.#mail.post(`tell ${run.id}`, [device]);
    if (share.state !== 'absent') return false;
    return shares.move(run.id, device, { to: 'asked' }, Math.round(clock.now())) !== null;
  }

  /** Those that are connected and have said nothing though it plays: perhaps they were in its group too lately. */
  remind(run: Run): void {
    this.#mail.post(`tell ${run.id}`, this.#deps.shares.silent(run.id, MOST_REMINDED));
  }

  /** By what holds now, not by what held when the device came. */
  async #deliver(key: string, devices: readonly string[]): Promise<void> {
    const { orders, clock, runOf } = this.#deps;
    const [what, id = ''] = key.split(' ');
    const run = runOf(id);
    const now = clock.now();
    const to = devices.map((device) => ({ to: 'device', id: device }) as const);
    if (what === 'stop') await orders.send(to, stopOrder(id), now + ORDER_LIFE_MS, id);
    else if (run?.state === 'preparing') await orders.send(to, prepareOrder(run), run.body.notAfter, id);
    else if (run?.state === 'started' && run.t0 !== null && now < run.body.notAfter) {
      await orders.send(to, startOrder(run.body, run.t0), run.body.notAfter, id);
    }
  }
}
