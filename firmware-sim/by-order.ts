import type { z } from 'zod';
import type { Capabilities, Settings } from '#devices/kind';
import type { Command } from '#devices/messages/command';
import { LIVE_TYPE, type MediaType, type PlanOccurrence } from '#devices/plan';
import { SCENE_TYPE } from '#devices/scene';
import type { BlobFetcher } from './blob-fetcher.ts';
import type { Board } from './board/board.ts';
import { BroadcastFiles } from './broadcast-files.ts';
import type { BroadcastMemory } from './broadcast-memory.ts';
import { Broadcasts } from './broadcasts.ts';
import type { Cache } from './cache.ts';
import type { Conductor } from './conductor.ts';
import type { EvidenceBook } from './evidence-book.ts';
import type { EvidencePost } from './evidence-post.ts';
import { Gatherer } from './gatherer.ts';
import type { Hearing } from './hearing.ts';
import { obey } from './obey.ts';
import type { Order } from './order.ts';
import type { Powered } from './powered.ts';
import { Reboot } from './reboot.ts';
import { SelfTester } from './self-test.ts';
import type { Speaker } from './speaker/speaker.ts';

/** Somebody waits: asked again sooner than for a plan. */
const SOONEST_MS = 250;
const LATEST_MS = 5_000;

export interface ByOrderDesk {
  readonly powered: Powered;
  readonly cache: Cache;
  readonly fetcher: BlobFetcher;
  readonly memory: BroadcastMemory;
  readonly conductor: Conductor;
  readonly performer: Speaker | Board;
  readonly book: EvidenceBook;
  readonly evidence: EvidencePost;
  readonly hearing: Hearing | null;
  readonly settings: () => Settings;
  /** To tell more of a command by its id. */
  readonly order: (id: string) => Order;
  /** Something is to be done together very soon: the clock must be right. */
  readonly onNear: () => void;
  readonly fault: (what: string, detail: string) => void;
  readonly onTrouble: (error: unknown) => void;
}

/** Everything that a device does because it is told to, and not because it is planned. */
export class ByOrder {
  readonly #desk: ByOrderDesk;
  readonly #broadcasts: Broadcasts;
  readonly #files: BroadcastFiles;
  readonly #selfTester: SelfTester;
  readonly #reboot: Reboot;

  constructor(desk: ByOrderDesk) {
    const { powered, conductor, book, performer, memory, cache, fetcher, settings } = desk;
    const { options, clock, capabilities } = powered;
    this.#desk = desk;
    const { minMs, maxMs } = options.downloadRetry;
    const gatherer = new Gatherer({
      ...{ clock, cache, fetcher, wish: 'now' as const },
      retry: { minMs: Math.min(minMs, SOONEST_MS), maxMs: Math.min(maxMs, LATEST_MS) },
      onTrouble: (detail) => desk.fault('download-failed', detail),
    });
    const types = mediaOf(capabilities);
    const { panel } = capabilities;
    this.#files = new BroadcastFiles({ types, panel, cache, gatherer, onTrouble: desk.onTrouble });
    this.#broadcasts = new Broadcasts({
      ...{ clock, memory, conductor, performer, types, files: this.#files },
      airwaves: 'airwaves' in performer ? performer.airwaves : null,
      hasTone: options.kind === 'speaker',
      onNear: desk.onNear,
      acknowledge: desk.order,
      settle: (occurrence, reason) => book.settle(occurrence, reason),
      isSettled: (occurrence) => book.isSettled(occurrence),
      onTrouble: desk.onTrouble,
    });
    this.#selfTester = new SelfTester({
      microphone: options.microphone,
      settings: () => ({ muted: settings().muted, wakeMs: settings().quirks?.wakeMs ?? 0 }),
      quietForMs: () => {
        const { playing, nextAt } = conductor.outlook();
        return playing ? 0 : nextAt - clock.now();
      },
      onMeasured: ({ ok, heardDbfs }) => desk.hearing?.tested(ok, heardDbfs),
    });
    this.#reboot = new Reboot(options.dir, powered.restart);
  }

  /** After a boot, when the clock can be judged by: what ran goes on, and what was ordered is told as done. */
  async start(): Promise<void> {
    this.#broadcasts.start();
    const rebooted = await this.#reboot.done();
    if (rebooted !== null) this.#desk.order(rebooted).ended();
  }

  async stop(): Promise<void> {
    await this.#files.stop();
    await this.#broadcasts.stop();
  }

  obey(command: z.infer<typeof Command>, order: Order): Promise<void> {
    const { performer, evidence, powered } = this.#desk;
    const { onEvent } = powered.options;
    const parts = { broadcasts: this.#broadcasts, selfTester: this.#selfTester, reboot: this.#reboot };
    return obey(command, order, { ...parts, performer, evidence, onEvent });
  }

  /** A file was found damaged or missing, and is gone: what is on the air and needs it fetches it again. */
  again(sha256: string): void {
    for (const { broadcast, t0 } of this.#desk.memory.running.values()) {
      this.#files.again(sha256, broadcast, t0);
    }
  }

  /** Files that are needed though no plan names them. */
  files(): Iterable<string> {
    return this.#broadcasts.files();
  }
}

/** What was set, and the volume that what is played asks for itself. */
export function settingsFor(
  settings: Settings,
  memory: BroadcastMemory,
  occurrence: PlanOccurrence | undefined,
): Settings {
  const volume = occurrence === undefined ? undefined : memory.volumeFor(occurrence.schedule);
  return volume === undefined ? settings : { ...settings, volume, volumeSteps: [] };
}

function mediaOf({ codecs, panel, live }: Capabilities): ReadonlySet<MediaType> {
  const types = new Set<MediaType>();
  if (codecs.includes('opus')) types.add('audio/ogg');
  if (codecs.includes('mp3')) types.add('audio/mpeg');
  if (live === true) types.add(LIVE_TYPE);
  if (panel !== undefined) types.add(SCENE_TYPE);
  return types;
}
