import { KeyObject, verify } from 'node:crypto';
import type { CryptoKey } from 'jose';
import { WebSocket } from 'ws';
import { decodeLiveFrame, type LiveFrame, liveSignedBytes, splitLiveMessage } from '#devices/live-frame';
import type { LiveReport } from '#devices/messages/live-report';

export interface HeardFrame extends LiveFrame {
  /** Epoch ms, and how long before it was to be heard. */
  readonly arrivedAt: number;
  readonly aheadMs: number;
}

/** A device's ear at a live stream, without a decoder: takes frames, checks them as a device does, and answers pings. */
export class LiveListener {
  readonly frames: HeardFrame[] = [];
  /** Messages that are no frame of this broadcast under the controller's key. */
  forged = 0;
  closed: { readonly code: number; readonly reason: string } | null = null;
  readonly #webSocket: WebSocket;

  private constructor(webSocket: WebSocket, broadcast: string, publicKey: CryptoKey) {
    this.#webSocket = webSocket;
    const key = KeyObject.from(publicKey);
    webSocket.on('error', () => {});
    webSocket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
    });
    webSocket.on('message', (data: Buffer) => {
      const arrivedAt = Date.now();
      const split = splitLiveMessage(data);
      const frame = split === null ? null : decodeLiveFrame(split.frame);
      const good =
        split !== null && verify(null, liveSignedBytes(broadcast, split.frame), key, split.signature);
      if (frame === null || !good) this.forged += 1;
      else this.frames.push({ ...frame, arrivedAt, aheadMs: frame.heardAt - arrivedAt });
    });
  }

  /** @returns the listener, or the status with which it was turned away. */
  static join(
    url: string,
    broadcast: string,
    who: { readonly bearer: string; readonly publicKey: CryptoKey },
  ): Promise<LiveListener | number> {
    return new Promise((resolve, reject) => {
      const webSocket = new WebSocket(`${url}/device/v1/live/${broadcast}`, {
        headers: { authorization: `Bearer ${who.bearer}` },
        perMessageDeflate: true,
      });
      const listener = new LiveListener(webSocket, broadcast, who.publicKey);
      webSocket.once('open', () => resolve(listener));
      webSocket.once('unexpected-response', (request, response) => {
        request.destroy();
        resolve(response.statusCode ?? 0);
      });
      webSocket.once('error', reject);
    });
  }

  /** Whether the server agreed to compress, which it should not. */
  get extensions(): string {
    return this.#webSocket.extensions;
  }

  report(report: Omit<LiveReport, 'v'>): void {
    this.#webSocket.send(JSON.stringify({ v: 1, ...report }));
  }

  /** Reads nothing any more, and says nothing. */
  freeze(): void {
    this.#webSocket.pause();
  }

  thaw(): void {
    this.#webSocket.resume();
  }

  leave(): void {
    this.#webSocket.terminate();
  }
}
