import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { LossyStream } from './lossy-stream.ts';
import { Journey, type Way } from './lossy-way.ts';

export type { Way } from './lossy-way.ts';

/** `up` goes from the one who connects to the target, `down` back. */
export interface LinkConditions {
  readonly up?: Way;
  readonly down?: Way;
}

/** A mobile network at the edge of a ward: 60 ± 40 ms there and back, three quarters of it upwards, 1 % lost. */
export const MOBILE: Required<LinkConditions> = {
  up: { latencyMs: 45, jitterMs: 30, loss: 0.01, bytesPerSecond: 250_000 },
  down: { latencyMs: 15, jitterMs: 10, loss: 0.01, bytesPerSecond: 1_000_000 },
};

interface Connection {
  readonly near: Socket;
  readonly far: Socket;
  readonly streams: readonly LossyStream[];
}

/**
 * A TCP proxy as bad as a test wants the network to be: latency, jitter, asymmetry, loss as TCP sees it, a narrow
 * hop, silence, broken connections, refusal. It needs no rights of the machine, and the same seed draws the same
 * numbers. Conditions may change at any time; what is under way keeps those it left with.
 */
export class LossyLink {
  readonly #target: { readonly host: string; readonly port: number };
  readonly #up: Journey;
  readonly #down: Journey;
  readonly #connections = new Set<Connection>();
  #server: Server | null = null;
  #port = 0;
  #frozen = false;
  /** Connections that were made so far. */
  made = 0;

  private constructor(target: { host: string; port: number }, conditions: LinkConditions, seed: number) {
    this.#target = target;
    this.#up = new Journey(conditions.up ?? {}, seed);
    this.#down = new Journey(conditions.down ?? {}, seed ^ 0x5bd1e995);
  }

  /** Listens on a free port of 127.0.0.1, or on `port`. The target may come and go. */
  static async open(
    target: { readonly host?: string; readonly port: number },
    options: LinkConditions & { readonly seed?: number; readonly port?: number } = {},
  ): Promise<LossyLink> {
    const { seed = 1, port = 0, ...conditions } = options;
    const link = new LossyLink({ host: '127.0.0.1', ...target }, conditions, seed);
    link.#port = port;
    await link.accept();
    return link;
  }

  get port(): number {
    return this.#port;
  }

  get connections(): number {
    return this.#connections.size;
  }

  /** Segments that were lost, and came again, so far. */
  get lost(): number {
    return this.#up.lost + this.#down.lost;
  }

  /** From now on; a direction that is left out stays as it is. */
  become({ up, down }: LinkConditions): void {
    if (up !== undefined) this.#up.way = up;
    if (down !== undefined) this.#down.way = down;
  }

  /** Nothing arrives any more, either way, and nobody is told: a mast without its uplink. */
  freeze(): void {
    this.#setFrozen(true);
  }

  /** What was held back arrives. */
  thaw(): void {
    this.#setFrozen(false);
  }

  /** Breaks every connection (RST). What was under way is lost. New ones may be made. */
  cut(): void {
    for (const { near, far } of this.#connections) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
  }

  /** No new connection is accepted any more; those there are stay. */
  async refuse(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    server?.close();
  }

  /** New connections are accepted again, on the same port. */
  async accept(): Promise<void> {
    if (this.#server !== null) return;
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => this.#connect(near));
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, '127.0.0.1', resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
  }

  /** The link is gone: refuses and cuts. */
  async down(): Promise<void> {
    await this.refuse();
    this.cut();
  }

  async stop(): Promise<void> {
    await this.down();
  }

  #setFrozen(frozen: boolean): void {
    this.#frozen = frozen;
    for (const { streams } of this.#connections) for (const stream of streams) stream.freeze(frozen);
  }

  #connect(near: Socket): void {
    this.made += 1;
    const far = connect({ ...this.#target, allowHalfOpen: true, noDelay: true });
    // To the kernel it is connected at once; SYN and its answer take their time all the same.
    const openAt = performance.now() + this.#up.latency() + this.#down.latency();
    const streams = [
      new LossyStream(near, far, this.#up, this.#down, openAt),
      new LossyStream(far, near, this.#down, this.#up, openAt),
    ];
    const connection = { near, far, streams };
    this.#connections.add(connection);
    if (this.#frozen) for (const stream of streams) stream.freeze(true);
    const over = (): void => {
      for (const stream of streams) stream.stop();
      this.#connections.delete(connection);
    };
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => other.resetAndDestroy());
      one.on('close', () => {
        if (one.errored === null && one.readableEnded && one.writableFinished) return;
        over();
        other.destroy();
      });
    }
    near.on('close', () => far.closed && over());
    far.on('close', () => near.closed && over());
  }
}
