import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CryptoKey } from 'jose';
import type { Logger } from 'pino';
import { WebSocketServer } from 'ws';
import { Ulid } from '#devices/primitives';
import type { Clock } from '../clock.ts';
import type { Component } from '../component.ts';
import type { Store } from '../database/open.ts';
import { deviceOf } from '../device-http/bearer.ts';
import { FailureCount } from '../device-http/failure-count.ts';
import { DEVICE_HTTP_LIMITS } from '../device-http/router.ts';
import { Failure } from '../failure.ts';
import { addressOf, refuseUpgrade } from '../http/upgrade.ts';
import { LiveStream } from './stream.ts';

export interface LiveHubDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  readonly key: { readonly privateKey: CryptoKey };
}

const PATH = /^\/device\/v1\/live\/([^/?]{1,64})$/;
const PING_EVERY_MS = 1_000;
/** So long devices have to take their leave when the controller stops. */
const GOODBYE_MS = 200;
/** A device that loses its socket again and again tries this often. */
const LEAST_BETWEEN_MS = 250;

/**
 * Where live sound and the devices that listen meet: sources open a {@link LiveStream}, devices come by
 * `WS /device/v1/live/{broadcast}` with their credential. Only a device that the broadcast is for is let in, and only
 * while its stream is open.
 */
export class LiveHub implements Component {
  readonly #deps: LiveHubDeps;
  readonly #streams = new Map<string, LiveStream>();
  readonly #failures: FailureCount;
  readonly #cameAt = new Map<string, number>();
  readonly #sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    clientTracking: false,
    maxPayload: 1_024,
  });
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: LiveHubDeps) {
    this.#deps = deps;
    this.#failures = new FailureCount(DEVICE_HTTP_LIMITS.failures, deps.clock);
  }

  async start(): Promise<void> {
    this.#timer = setInterval(() => {
      for (const stream of this.#streams.values()) stream.ping();
    }, PING_EVERY_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    const streams = [...this.#streams.values()];
    this.#streams.clear();
    for (const stream of streams) stream.close();
    // The HTTP port waits for every socket; a device that does not answer is not waited for.
    if (streams.some(({ listening }) => listening > 0)) await sleep(GOODBYE_MS);
    for (const stream of streams) stream.cut();
    this.#sockets.close();
  }

  /** To be called before the broadcast goes on the air: the devices that it asks come at once. */
  open(broadcast: string): LiveStream {
    const { key, clock } = this.#deps;
    const stream = new LiveStream({ broadcast, key, clock });
    this.#streams.set(broadcast, stream);
    return stream;
  }

  /** Lets the devices go and forgets the stream. Who has not heard the last frame ends by its lease. */
  close(stream: LiveStream): void {
    if (this.#streams.get(stream.broadcast) !== stream) return;
    this.#streams.delete(stream.broadcast);
    this.#cameAt.clear();
    stream.close();
  }

  /** Devices that listen to any stream. */
  get listening(): number {
    let sum = 0;
    for (const { listening } of this.#streams.values()) sum += listening;
    return sum;
  }

  /** For `HttpPort.onUpgrade`. */
  readonly upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): boolean => {
    const [, broadcast] = PATH.exec((request.url ?? '').split('?', 1)[0] ?? '') ?? [];
    if (broadcast === undefined) return false;
    const address = addressOf(request);
    if (this.#failures.isOver(address)) {
      refuseUpgrade(socket, 429);
      return true;
    }
    try {
      const { device, stream } = this.#letIn(broadcast, request);
      this.#sockets.handleUpgrade(request, socket, head, (webSocket) =>
        stream.admit(device, webSocket, socket),
      );
    } catch (error) {
      if (!(error instanceof Failure)) {
        this.#deps.log.error({ err: error }, 'a device could not be let in to live sound');
        refuseUpgrade(socket, 500);
        return true;
      }
      // A device may ask for a stream that has just ended; that is no attack.
      if (error.status === 401 || error.status === 403) this.#failures.add(address);
      refuseUpgrade(socket, error.status);
    }
    return true;
  };

  /** @throws Failure 401, 403 `not-for-you`, 404 `not-found`, 429 `too-many-requests`. */
  #letIn(broadcast: string, request: IncomingMessage): { device: string; stream: LiveStream } {
    const { store, clock } = this.#deps;
    const device = deviceOf(store, request);
    const asked =
      Ulid.safeParse(broadcast).success &&
      store.sqlite
        .prepare<[string, string], 1>(
          'SELECT 1 FROM broadcast_device WHERE broadcast_id = ? AND device_id = ? AND stop_asked = 0',
        )
        .get(broadcast, device) !== undefined;
    if (!asked) throw new Failure('not-for-you', 'This sound is not for this device.', { status: 403 });
    const stream = this.#streams.get(broadcast);
    if (stream === undefined) {
      throw new Failure('not-found', 'Nothing is said here any more.', { status: 404 });
    }
    const now = clock.now();
    const before = this.#cameAt.get(device);
    if (before !== undefined && now - before < LEAST_BETWEEN_MS) {
      throw new Failure('too-many-requests', 'Too many connections; wait a moment.', { status: 429 });
    }
    this.#cameAt.set(device, now);
    return { device, stream };
  }
}
