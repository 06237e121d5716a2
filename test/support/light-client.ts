import { connect, type Socket } from 'node:net';

/**
 * As little of MQTT 3.1.1 as a device needs (§3: CONNECT, SUBSCRIBE, PUBLISH, PUBACK), so that thousands fit in one
 * process and none of them is what is measured.
 */
export class LightClient {
  /** Every message, as soon as its last byte is there. */
  onMessage: (topic: string, payload: Buffer) => void = () => {};
  onClosed: () => void = () => {};
  readonly #socket: Socket;
  readonly #waiting = new Map<number, () => void>();
  #connected: (() => void) | undefined;
  #rest: Buffer = Buffer.alloc(0);
  #packetId = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (bytes) => this.#read(bytes));
    socket.on('error', () => {});
    socket.on('close', () => this.onClosed());
  }

  /** @param will payload of the last will, retained at QoS 1. */
  static async open(options: {
    readonly port: number;
    readonly id: string;
    readonly password: string;
    readonly will?: { readonly topic: string; readonly payload: string };
  }): Promise<LightClient> {
    const { port, id, password, will } = options;
    const socket = connect(port, '127.0.0.1');
    const client = new LightClient(socket);
    await new Promise<void>((resolve, reject) => {
      client.#connected = resolve;
      socket.once('error', reject);
      socket.once('close', () => reject(new Error(`${id} was not let in`)));
      const flags = 0xc2 | (will === undefined ? 0 : 0x2c);
      const body = [text('MQTT'), Buffer.from([4, flags, 0, 120]), text(id)];
      if (will !== undefined) body.push(text(will.topic), text(will.payload));
      body.push(text(id), text(password));
      socket.write(packet(0x10, Buffer.concat(body)));
    });
    return client;
  }

  subscribe(filters: readonly string[]): Promise<void> {
    const id = this.#nextId();
    const body = [uint16(id), ...filters.flatMap((filter) => [text(filter), Buffer.from([1])])];
    return this.#answered(id, packet(0x82, Buffer.concat(body)));
  }

  /** Resolves when the broker took it, at QoS 1; at once at QoS 0. */
  publish(topic: string, payload: string, qos: 0 | 1, retain = false): Promise<void> {
    const first = 0x30 | (qos << 1) | (retain ? 1 : 0);
    if (qos === 0) {
      this.#socket.write(packet(first, Buffer.concat([text(topic), Buffer.from(payload)])));
      return Promise.resolve();
    }
    const id = this.#nextId();
    return this.#answered(id, packet(first, Buffer.concat([text(topic), uint16(id), Buffer.from(payload)])));
  }

  /** To be said within the two minutes that a connection may be silent. */
  ping(): void {
    this.#socket.write(Buffer.from([0xc0, 0]));
  }

  /** As when the power goes: no goodbye. */
  destroy(): void {
    this.#socket.destroy();
  }

  #answered(id: number, bytes: Buffer): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#socket.write(bytes);
    });
  }

  #nextId(): number {
    this.#packetId = (this.#packetId % 65_535) + 1;
    return this.#packetId;
  }

  #read(bytes: Buffer): void {
    let data = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    for (;;) {
      const size = lengthOf(data);
      if (size === null || data.length < size.header + size.body) break;
      const end = size.header + size.body;
      this.#take(data[0] ?? 0, data.subarray(size.header, end));
      data = data.subarray(end);
    }
    this.#rest = data.length === 0 ? Buffer.alloc(0) : Buffer.from(data);
  }

  #take(first: number, body: Buffer): void {
    switch (first >> 4) {
      case 2:
        if (body[1] === 0) this.#connected?.();
        else this.#socket.destroy();
        return;
      case 3: {
        const topicEnd = 2 + body.readUInt16BE(0);
        const qos = (first >> 1) & 3;
        const start = topicEnd + (qos > 0 ? 2 : 0);
        if (qos > 0) this.#socket.write(packet(0x40, body.subarray(topicEnd, topicEnd + 2)));
        this.onMessage(body.toString('utf8', 2, topicEnd), body.subarray(start));
        return;
      }
      case 4:
      case 9: {
        const id = body.readUInt16BE(0);
        this.#waiting.get(id)?.();
        this.#waiting.delete(id);
      }
    }
  }
}

function packet(first: number, body: Buffer): Buffer {
  const length: number[] = [];
  let rest = body.length;
  do {
    const digit = rest % 128;
    rest = Math.floor(rest / 128);
    length.push(rest > 0 ? digit | 128 : digit);
  } while (rest > 0);
  return Buffer.concat([Buffer.from([first, ...length]), body]);
}

function lengthOf(data: Buffer): { header: number; body: number } | null {
  let body = 0;
  for (let index = 1; index < Math.min(data.length, 5); index += 1) {
    const digit = data[index] ?? 0;
    body += (digit & 127) * 128 ** (index - 1);
    if (digit < 128) return { header: index + 1, body };
  }
  return null;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([uint16(bytes.length), bytes]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}
