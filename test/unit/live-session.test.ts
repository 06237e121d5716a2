import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { WebSocket } from 'ws';
import type { Store } from '#controller/database/open';
import type { LiveEnd, MicrophoneState } from '#controller/http/contract/live';
import { SILENCE } from '#controller/live-audio/opus-packet';
import { Session } from '#controller/live-audio/session';
import type { LiveStream } from '#controller/live-audio/stream';
import { silent } from '../support/embedded-broker.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A session with nobody around it; what it asks of the others is nothing here. */
function alone() {
  const ends: LiveEnd[] = [];
  const quiet = { listening: 0, lateShare: 0, shortMs: 0, spareMs: null, roundTripMs: null };
  const stream = { push: () => {}, end: () => {}, arrivals: () => quiet } as unknown as LiveStream;
  const session = new Session(
    { store: {} as Store, clock: { now: () => Date.now() }, log: silent, ffmpeg: 'none' },
    { id: 'x', stream, recorder: null, endChime: [], offsetMs: 0, longestMs: 60_000 },
    {
      onChange: () => {},
      onLook: () => ({ type: 'state' }) as MicrophoneState,
      onOver: (end) => ends.push(end),
    },
  );
  return { session, ends };
}

/** A socket whose other side takes its time to say good-bye. */
function microphone() {
  const socket = Object.assign(new EventEmitter(), {
    ...{ OPEN: 1, readyState: 1, closed: false },
    send: () => {},
    ping: () => {},
    close: () => {
      socket.closed = true;
    },
  });
  return {
    socket: socket as unknown as WebSocket,
    closed: () => socket.closed,
    say: (word: object) => socket.emit('message', Buffer.from(JSON.stringify(word)), false),
    sound: () => socket.emit('message', Buffer.from(SILENCE), true),
  };
}

test('a session that is stopped while its devices are still being asked leaves nothing running', () => {
  const { session, ends } = alone();
  session.cut('stopped');
  session.begin(3);
  expect(ends).toEqual(['stopped']);
  expect(vi.getTimerCount()).toBe(0);
});

test('a microphone that was sent away for another one neither ends the session nor keeps it alive', () => {
  const { session, ends } = alone();
  session.begin(1);
  const [first, second] = [microphone(), microphone()];
  session.attach(first.socket);
  first.say({ v: 1, type: 'hello', codec: 'opus', sampleRate: 48_000 });
  first.sound();
  session.attach(second.socket);
  expect(first.closed()).toBe(true);
  first.say({ type: 'end' });
  expect(session.end).toBeNull();
  for (let ms = 0; ms < 6_000; ms += 200) {
    first.sound();
    vi.advanceTimersByTime(200);
  }
  expect(ends).toEqual(['lease-over']);
});
