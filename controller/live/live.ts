import type { Server as HttpServer, IncomingMessage } from 'node:http';
import { Server, type Socket } from 'socket.io';
import type { Account } from '../accounts/session.ts';
import type { Changes, Entity } from '../changes.ts';
import type { Component } from '../component.ts';
import type { LiveEvents } from '../http/contract/events.ts';
import { isSameOrigin } from '../http/same-origin.ts';

/** Changes are gathered this long, so that a thousand heartbeats make a few messages. */
const GATHER_MS = 200;
/** A list of ids longer than this becomes "all of them" (an empty list): the console fetches its list anew anyway. */
const MANY = 200;
/** A socket outlives no session: its cookie is looked at again this often. */
const RECHECK_MS = 60_000;

export interface LiveDeps {
  readonly changes: Changes;
  readonly identify: (request: IncomingMessage) => Promise<Account | null>;
}

/** Tells every open console what changed, as it happens (socket.io, path `/live`). */
export class Live implements Component {
  readonly #deps: LiveDeps;
  readonly #io: Server<Record<string, never>, LiveEvents>;
  readonly #pending = new Map<Entity, Set<string>>();
  #timer: NodeJS.Timeout | undefined;
  #recheck: NodeJS.Timeout | undefined;
  #stopListening: (() => void) | undefined;

  constructor(deps: LiveDeps) {
    this.#deps = deps;
    this.#io = new Server({
      path: '/live',
      serveClient: false,
      destroyUpgrade: false,
      maxHttpBufferSize: 10_000,
      allowRequest: (request, allow) => {
        const { origin, host } = request.headers;
        allow(null, origin === undefined || isSameOrigin(origin, host));
      },
    });
  }

  /** To be called before the server listens. */
  attach(server: HttpServer): void {
    this.#io.attach(server);
  }

  async start(): Promise<void> {
    this.#io.use((socket, next) => {
      this.#mayListen(socket).then(
        (allowed) => next(allowed ? undefined : new Error('not-signed-in')),
        (error: Error) => next(error),
      );
    });
    this.#stopListening = this.#deps.changes.listen((entity, id) => this.#gather(entity, id));
    this.#recheck = setInterval(() => void this.#endLapsedSessions(), RECHECK_MS);
  }

  async stop(): Promise<void> {
    this.#stopListening?.();
    clearInterval(this.#recheck);
    clearTimeout(this.#timer);
    this.#io.disconnectSockets(true);
    this.#io.engine?.close();
  }

  /** How many consoles are open. */
  get consoles(): number {
    return this.#io.of('/').sockets.size;
  }

  progress(progress: { asset: string; stage: string; ratio: number }): void {
    this.#io.volatile.emit('progress', progress);
  }

  heartbeats(beats: Parameters<LiveEvents['heartbeats']>[0]): void {
    if (beats.length > 0 && this.consoles > 0) this.#io.volatile.emit('heartbeats', beats);
  }

  #gather(entity: Entity, id: string): void {
    const ids = this.#pending.get(entity) ?? new Set();
    this.#pending.set(entity, ids.add(id));
    this.#timer ??= setTimeout(() => this.#send(), GATHER_MS);
  }

  #send(): void {
    this.#timer = undefined;
    const changes = [...this.#pending].map(([entity, ids]) => ({
      entity,
      ids: ids.size > MANY ? [] : [...ids],
    }));
    this.#pending.clear();
    this.#io.emit('changed', changes);
  }

  async #mayListen(socket: Socket): Promise<boolean> {
    const account = await this.#deps.identify(socket.request);
    return account !== null && !account.mustChangePassword;
  }

  async #endLapsedSessions(): Promise<void> {
    for (const socket of this.#io.of('/').sockets.values()) {
      if (!(await this.#mayListen(socket).catch(() => false))) socket.disconnect(true);
    }
  }
}
