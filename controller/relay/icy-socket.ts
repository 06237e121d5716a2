import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

const LEGACY = Buffer.from('ICY ');
const MODERN = Buffer.from('HTTP/1.0 ');

/**
 * A connection on which SHOUTcast's old status line, `ICY 200 OK`, reads as HTTP, so that the same parser serves both.
 * Everything else passes as it is.
 */
export class IcySocket extends Duplex {
  readonly #socket: Socket;
  #head: Buffer | null = Buffer.alloc(0);
  #ended = false;

  constructor(socket: Socket) {
    super({ allowHalfOpen: true });
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('end', () => {
      if (this.#head !== null && this.#head.length > 0) this.push(this.#head);
      this.#head = null;
      this.#ended = true;
      this.push(null);
    });
    socket.on('error', (error) => this.destroy(error));
    // What came before an orderly end is still to be read, however long that takes.
    socket.on('close', () => {
      if (!this.#ended) this.destroy();
    });
    socket.pause();
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }

  #take(chunk: Buffer): void {
    let rest = chunk;
    if (this.#head !== null) {
      const head = Buffer.concat([this.#head, chunk]);
      const seen = Math.min(head.length, LEGACY.length);
      if (head.subarray(0, seen).equals(LEGACY.subarray(0, seen)) && seen < LEGACY.length) {
        this.#head = head;
        return;
      }
      this.#head = null;
      const legacy = seen === LEGACY.length && head.subarray(0, seen).equals(LEGACY);
      rest = legacy ? Buffer.concat([MODERN, head.subarray(seen)]) : head;
    }
    if (!this.push(rest)) this.#socket.pause();
  }
}
