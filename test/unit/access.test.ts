import fc from 'fast-check';
import { expect, test } from 'vitest';
import { controllerMayPublish, judgePublish, judgeSubscribe } from '#controller/broker/policy';
import { mayPublish, maySubscribe } from '#devices/access';
import { DOWN, downTopic, groupTopic, HOST_STATE, UP, type UpKind, upFilter, upTopic } from '#devices/topics';

const kinds = Object.keys(UP) as UpKind[];
const id = fc.stringMatching(/^[a-z][a-z0-9-]{2,22}$/);
const none: ReadonlySet<string> = new Set();

test('a device publishes under its own name and no other (R30)', () => {
  fc.assert(
    fc.property(id, id, fc.constantFrom(...kinds), (one, other, kind) => {
      expect(mayPublish(one, upTopic(one, kind))).toBe(true);
      expect(mayPublish(one, upTopic(other, kind))).toBe(one === other);
    }),
  );
});

test('nothing else that a device could make up is a topic of its own', () => {
  const device = 'loa-aaaa2222';
  const level = fc.constantFrom(
    'loa',
    'v1',
    'up',
    'down',
    'group',
    'host',
    'state',
    device,
    '0',
    '19',
    '+',
    '#',
    '',
    'birth',
    'command',
  );
  fc.assert(
    fc.property(fc.array(level, { maxLength: 7 }), (levels) => {
      const topic = levels.join('/');
      const own = kinds.some((kind) => topic === upTopic(device, kind));
      expect(mayPublish(device, topic)).toBe(own);
      const hears =
        topic === HOST_STATE.topic ||
        Object.keys(DOWN).some((kind) => topic === downTopic(device, kind as keyof typeof DOWN));
      expect(maySubscribe(device, topic, none)).toBe(hears);
    }),
    { numRuns: 2_000 },
  );
});

test('a device hears the groups it is in', () => {
  expect(maySubscribe('loa-aaaa2222', groupTopic('kv-one'), new Set(['kv-one']))).toBe(true);
  expect(maySubscribe('loa-aaaa2222', groupTopic('kv-two'), new Set(['kv-one']))).toBe(false);
  expect(maySubscribe('loa-aaaa2222', groupTopic('+'), new Set(['+']))).toBe(false);
});

test('sizes and retention are those of the contract, kind by kind', () => {
  const device = 'loa-aaaa2222';
  for (const kind of kinds) {
    const { maxBytes, retain, qos } = UP[kind];
    const good = { topic: upTopic(device, kind), payload: Buffer.alloc(maxBytes), qos, retain };
    expect(judgePublish(device, good)).toEqual({ kind });
    expect(judgePublish(device, { ...good, payload: Buffer.alloc(maxBytes + 1) })).toEqual({
      refused: 'oversized',
    });
    expect(judgePublish(device, { ...good, retain: !retain })).toEqual({ refused: 'wrong-retention' });
    expect(judgePublish(device, { ...good, qos: 2 })).toEqual({ refused: 'wrong-qos' });
  }
});

test('the controller alone hears everybody, and only speaks where devices listen', () => {
  for (const kind of kinds) {
    expect(judgeSubscribe('loa-controller', upFilter(kind), none)).toBe(true);
    expect(judgeSubscribe('loa-aaaa2222', upFilter(kind), none)).toBe(false);
  }
  expect(judgeSubscribe('loa-controller', '#', none)).toBe(false);
  expect(controllerMayPublish(downTopic('loa-aaaa2222', 'desired'))).toBe(true);
  expect(controllerMayPublish(groupTopic('kv-one'))).toBe(true);
  expect(controllerMayPublish(HOST_STATE.topic)).toBe(true);
  expect(controllerMayPublish(upTopic('loa-aaaa2222', 'birth'))).toBe(false);
});
