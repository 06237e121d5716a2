import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Account } from '../accounts/session.ts';
import type { Component } from '../component.ts';
import { MICROPHONE_PATH } from '../http/contract/live.ts';
import { isSameOrigin } from '../http/same-origin.ts';
import { refuseUpgrade } from '../http/upgrade.ts';
import type { LiveSessions } from './sessions.ts';

export interface MicrophoneDoorDeps {
  readonly identify: (request: IncomingMessage) => Promise<Account | null>;
  readonly sessions: Pick<LiveSessions, 'attach' | 'isOpen'>;
}

/** 20 ms of samples at the highest rate are 3,840 bytes; a browser may gather a few. */
const MOST_BYTES = 32_768;
/** A socket outlives no session of its person: the cookie is looked at again this often. */
const RECHECK_MS = 60_000;

/** Lets a person's browser in as the microphone of a live session: `WS /microphone/v1/{session}`. */
export class MicrophoneDoor implements Component {
  readonly #deps: MicrophoneDoorDeps;
  readonly #open = new Map<WebSocket, IncomingMessage>();
  readonly #sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    clientTracking: false,
    maxPayload: MOST_BYTES,
  });
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: MicrophoneDoorDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    this.#timer = setInterval(() => void this.#recheck(), RECHECK_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    for (const webSocket of this.#open.keys()) webSocket.terminate();
    this.#sockets.close();
  }

  /** For `HttpPort.onUpgrade`. */
  readonly upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): boolean => {
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    if (!path.startsWith(`${MICROPHONE_PATH}/`)) return false;
    const id = path.slice(MICROPHONE_PATH.length + 1);
    this.#admit(id, request, socket, head).catch(() => refuseUpgrade(socket, 500));
    return true;
  };

  async #admit(id: string, request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { origin, host } = request.headers;
    // A browser sends its cookies with every WebSocket, whatever page opened it.
    const foreign = origin !== undefined && !isSameOrigin(origin, host);
    const status = foreign ? 403 : await this.#statusFor(id, request);
    if (status !== null) {
      refuseUpgrade(socket, status);
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      this.#open.set(webSocket, request);
      webSocket.on('close', () => this.#open.delete(webSocket));
      if (!this.#deps.sessions.attach(id, webSocket)) webSocket.close(1000, 'over');
    });
  }

  /** Null when the person may speak there. */
  async #statusFor(id: string, request: IncomingMessage): Promise<number | null> {
    const account = await this.#deps.identify(request);
    if (account === null) return 401;
    if (!maySpeak(account)) return 403;
    return this.#deps.sessions.isOpen(id) ? null : 404;
  }

  async #recheck(): Promise<void> {
    for (const [webSocket, request] of this.#open) {
      const account = await this.#deps.identify(request).catch(() => null);
      if (account === null || !maySpeak(account)) webSocket.close(1008, 'signed out');
    }
  }
}

const maySpeak = ({ role, mustChangePassword }: Account): boolean =>
  !mustChangePassword && (role === 'operator' || role === 'administrator');
