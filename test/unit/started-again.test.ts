import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Broadcast } from '#devices/broadcast';
import { LIVE_TYPE, type MediaType } from '#devices/plan';
import { BroadcastFiles } from '#firmware-sim/broadcast-files';
import { BroadcastMemory } from '#firmware-sim/broadcast-memory';
import { Broadcasts } from '#firmware-sim/broadcasts';
import { Cable } from '#firmware-sim/cable';
import { DeviceClock, systemClock } from '#firmware-sim/clock';
import type { Watch } from '#firmware-sim/cue';
import { Gatherer } from '#firmware-sim/gatherer';
import { Airwaves } from '#firmware-sim/live/airwaves';
import { Order } from '#firmware-sim/order';

const ID = '01KAQ8Z4M000000000000000BB';

/** What a device does with orders; nothing is heard, and no controller answers. */
describe('a live broadcast that is started again at another time', () => {
  let dir: string;
  let airwaves: Airwaves;
  beforeEach(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'loa-started-again-'));
  });
  afterEach(async () => {
    airwaves.stop();
    await rm(dir, { recursive: true, force: true });
  });

  test('is still listened to when the first start of it comes to its end', async () => {
    const clock = new DeviceClock(systemClock);
    airwaves = new Airwaves({
      http: 'http://127.0.0.1:9',
      bearer: '',
      ca: undefined,
      cable: new Cable(),
      controllerKey: { kty: 'OKP', crv: 'Ed25519', x: '', kid: '' },
      clock,
      silent: true,
      marginOf: () => 0,
      onTrouble: () => undefined,
    });
    const cache = { has: () => true, put: async () => undefined, missing: async () => [] };
    const types = new Set<MediaType>([LIVE_TYPE]);
    const gatherer = new Gatherer({
      ...{ clock, cache, wish: 'now', retry: { minMs: 1, maxMs: 1 }, onTrouble: () => undefined },
      fetcher: { fetch: async () => undefined },
    });
    const watches = new Map<string, Watch>();
    const broadcasts = new Broadcasts({
      types,
      clock,
      files: new BroadcastFiles({ types, panel: undefined, cache, gatherer, onTrouble: () => undefined }),
      memory: new BroadcastMemory(dir, (error) => {
        throw error;
      }),
      airwaves,
      hasTone: true,
      // What is taken off the air ends a moment later, when the card has passed the rest of it.
      conductor: {
        admit: ({ id }, _, watch) => void watches.set(id, watch),
        dismiss: () => undefined,
        silence: () => undefined,
      },
      performer: { arm: () => undefined, release: async () => undefined, rename: () => undefined },
      onNear: () => undefined,
      acknowledge: (id) => new Order(id, Number.POSITIVE_INFINITY, () => undefined),
      settle: () => undefined,
      isSettled: () => false,
      onTrouble: (error) => {
        throw error;
      },
    });
    const order = (id: string): Order => new Order(id, Number.POSITIVE_INFINITY, () => undefined);
    const [first, second] = [clock.now() + 60_000, clock.now() + 90_000];
    broadcasts.begin(said(second + 60_000), first, order('one'));
    broadcasts.begin(said(second + 60_000), second, order('two'));
    watches.get(`${ID}@${first}`)?.finished('superseded');
    expect(airwaves.tuned(ID)).toBeDefined();
    watches.get(`${ID}@${second}`)?.finished('stopped');
    expect(airwaves.tuned(ID)).toBeUndefined();
    await broadcasts.stop();
  });
});

const said = (notAfter: number): Broadcast => ({
  id: ID,
  title: 'Phát trực tiếp',
  priority: 'live',
  resume: 'skip',
  gainDb: 0,
  parts: [
    {
      role: 'programme',
      programme: null,
      title: 'Phát trực tiếp',
      offsetMs: 0,
      durationMs: 60_000,
      renditions: [{ sha256: 'a'.repeat(64), bytes: 0, type: LIVE_TYPE }],
    },
  ],
  notAfter,
});
