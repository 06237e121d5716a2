import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { decodeLiveFrame, splitLiveMessage } from '#devices/live-frame';

/** What one ear of a crowd heard. */
export interface EarCount {
  frames: number;
  late: number;
  missing: number;
  leastAheadMs: number;
}

const PING = 0x89;
const BINARY = 0x82;

/** An ear at a live stream that costs next to nothing: a bare socket, RFC 6455 as far as a server's messages need it. */
export class CrowdMember {
  readonly count: EarCount = { frames: 0, late: 0, missing: 0, leastAheadMs: Number.POSITIVE_INFINITY };
  readonly #socket: Socket;
  #waiting: Buffer = Buffer.alloc(0);
  #seq: number | null = null;
  #counting = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
  }

  static join(port: number, broadcast: string, bearer: string): Promise<CrowdMember> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port, noDelay: true });
      socket.once('error', reject);
      socket.once('data', (answer: Buffer) => {
        const end = answer.indexOf('\r\n\r\n');
        if (!answer.toString('latin1').startsWith('HTTP/1.1 101') || end < 0) {
          reject(new Error(answer.toString('latin1').split('\r\n', 1)[0]));
          return;
        }
        const member = new CrowdMember(socket);
        member.#take(answer.subarray(end + 4));
        resolve(member);
      });
      socket.write(
        `GET /device/v1/live/${broadcast} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
          `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n` +
          `Authorization: Bearer ${bearer}\r\n\r\n`,
      );
    });
  }

  begin(): void {
    this.#counting = true;
  }

  end(): void {
    this.#counting = false;
  }

  leave(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    let bytes = this.#waiting.length === 0 ? chunk : Buffer.concat([this.#waiting, chunk]);
    for (;;) {
      if (bytes.length < 2) break;
      const short = bytes[1] ?? 0;
      const head = short === 126 ? 4 : 2;
      if (bytes.length < head) break;
      const length = short === 126 ? bytes.readUInt16BE(2) : short;
      if (bytes.length < head + length) break;
      const payload = bytes.subarray(head, head + length);
      if (bytes[0] === BINARY) this.#frame(payload);
      else if (bytes[0] === PING) this.#pong(payload);
      bytes = bytes.subarray(head + length);
    }
    this.#waiting = bytes;
  }

  #frame(message: Buffer): void {
    const split = splitLiveMessage(message);
    const frame = split === null ? null : decodeLiveFrame(split.frame);
    if (frame === null) throw new Error('what came is no frame');
    const before = this.#seq;
    this.#seq = frame.seq;
    if (!this.#counting) return;
    const ahead = frame.heardAt - Date.now();
    this.count.frames += 1;
    if (ahead < 0) this.count.late += 1;
    if (before !== null) this.count.missing += frame.seq - before - 1;
    this.count.leastAheadMs = Math.min(this.count.leastAheadMs, ahead);
  }

  #pong(payload: Buffer): void {
    // A client's messages are masked; by zeros is masked too.
    this.#socket.write(Buffer.concat([Buffer.from([0x8a, 0x80 | payload.length, 0, 0, 0, 0]), payload]));
  }
}
