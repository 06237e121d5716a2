import { type AddressInfo, connect, createServer, type Server } from 'node:net';

/** A TLS record (RFC 8446 §5.1) as it went over the wire, header included; `type` 23 is application data. */
export interface WireRecord {
  readonly at: number;
  readonly direction: 'up' | 'down';
  readonly bytes: number;
  readonly type: number;
}

const HEADER = 5;

/** A TCP proxy that counts what goes through it, record by record, and reads nothing of it. */
export class TlsTap {
  readonly records: WireRecord[] = [];
  readonly #server: Server;

  constructor(port: number) {
    this.#server = createServer({ noDelay: true }, (near) => {
      const far = connect({ port, host: '127.0.0.1', noDelay: true });
      near.on('data', this.#reader('up')).pipe(far);
      far.on('data', this.#reader('down')).pipe(near);
      near.on('error', () => far.destroy()).on('close', () => far.destroy());
      far.on('error', () => near.destroy()).on('close', () => near.destroy());
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    this.#server.close();
  }

  #reader(direction: WireRecord['direction']): (chunk: Buffer) => void {
    let rest = Buffer.alloc(0);
    return (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= HEADER) {
        const bytes = HEADER + rest.readUInt16BE(3);
        if (rest.length < bytes) return;
        this.records.push({ at: Date.now(), direction, bytes, type: rest[0] ?? 0 });
        rest = rest.subarray(bytes);
      }
    };
  }
}
