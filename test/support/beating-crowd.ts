import { setTimeout as sleep } from 'node:timers/promises';
import { ulid } from 'ulid';
import { FakeSpeaker } from './fake-speaker.ts';
import { heartbeat } from './registered-device.ts';
import { seededDevice } from './seed.ts';

/**
 * A process of many light devices that beat as real ones do and answer commands, each when it would begin to sound:
 * `beating-crowd.ts FIRST COUNT PORT [board]`. Says `{connected}` when all are there.
 */
const [first = 0, count = 0, port = 0] = process.argv.slice(2, 5).map(Number);
const board = process.argv[5] === 'board';
const EVERY_MS = 30_000;
const IDLE = { mode: 'idle', scene: null, drawnAgoMs: 100, powered: true } as const;

// They do not check signatures: a thousand share one processor here, and each of the real ones has its own.
const { publicKey } = (await crypto.subtle.generateKey('Ed25519', false, [
  'sign',
  'verify',
])) as CryptoKeyPair;
const crowd: FakeSpeaker[] = [];
for (let index = first; index < first + count; index += 1) {
  const speaker = new FakeSpeaker(
    { id: seededDevice(index), groups: [], publicKey },
    { believes: true, board, checksScene: board },
  );
  crowd.push(await speaker.connect(port));
}
process.send?.({ connected: crowd.length });
process.once('disconnect', () => process.exit(0));

const session = ulid();
for (;;) {
  for (const speaker of crowd) {
    await speaker.tell(
      'heartbeat',
      heartbeat(session, { desiredRevision: 0, ...(board ? { board: IDLE } : {}) }),
    );
    await sleep(EVERY_MS / crowd.length);
  }
}
