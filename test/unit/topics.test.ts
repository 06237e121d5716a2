import fc from 'fast-check';
import { expect, test } from 'vitest';
import { topicMatcher } from '#controller/broker/topic-filter';
import { PARTITIONS, partitionOf } from '#devices/partition';
import { MAX_PACKET_BYTES, parseUpTopic, UP, type UpKind, upFilter, upTopic } from '#devices/topics';

const kinds = Object.keys(UP) as UpKind[];
const id = fc.stringMatching(/^[a-z][a-z0-9-]{2,22}$/);

test('what a device publishes is understood as what it said', () => {
  fc.assert(
    fc.property(id, fc.constantFrom(...kinds), (device, kind) => {
      const topic = upTopic(device, kind);
      expect(parseUpTopic(topic)).toEqual({ device, kind });
      expect(topicMatcher(upFilter(kind))(topic)).toBe(true);
      expect(topicMatcher(upFilter(kind, partitionOf(device)))(topic)).toBe(true);
    }),
  );
});

test('a wrong partition, an unknown kind or a strange id is nobody', () => {
  const [, , , partition, device] = upTopic('loa-aaaa2222', 'birth').split('/');
  for (const topic of [
    `loa/v1/up/${(Number(partition) + 1) % PARTITIONS}/${device}/birth`,
    `loa/v1/up/${partition}/${device}/birthday`,
    `loa/v1/up/${partition}/${device}/birth/`,
    `loa/v1/up/${partition}/${device}/constructor`,
    `loa/v2/up/${partition}/${device}/birth`,
    `loa/v1/up/0${partition}/${device}/birth`,
    'loa/v1/up/0/LOA/birth',
    '',
  ]) {
    expect(parseUpTopic(topic), topic).toBeNull();
  }
});

test('the partitions are the published ones, so that every firmware counts alike', () => {
  // 32-bit FNV-1a of "a" is 0xe40c292c, of "foobar" 0xbf9cf968 (draft-eastlake-fnv, appendix C).
  expect(partitionOf('a')).toBe(0xe40c292c % 64);
  expect(partitionOf('foobar')).toBe(0xbf9cf968 % 64);
});

test('a fleet spreads over the partitions', () => {
  const counts = new Map<number, number>();
  for (let index = 0; index < 6_400; index += 1) {
    const partition = partitionOf(`loa-${index.toString(36).padStart(8, 'a')}`);
    counts.set(partition, (counts.get(partition) ?? 0) + 1);
  }
  expect(counts.size).toBe(PARTITIONS);
  expect(Math.max(...counts.values())).toBeLessThan(200);
});

test('every message of the contract fits in a packet that the broker takes', () => {
  for (const kind of kinds) {
    const longest = upTopic('a'.repeat(23), kind).length + UP[kind].maxBytes + 4;
    expect(longest, kind).toBeLessThan(MAX_PACKET_BYTES);
  }
});

test.each([
  ['a/b', 'a/b', true],
  ['a/+', 'a/b', true],
  ['a/+', 'a/b/c', false],
  ['+/b', 'a/b', true],
  ['a/#', 'a', true],
  ['a/#', 'a/b/c', true],
  ['#', 'a/b', true],
  ['#', '$SYS/x', false],
  ['+/x', '$SYS/x', false],
  ['$SYS/+', '$SYS/x', true],
])('the filter %s and the topic %s: %s', (filter, topic, matches) => {
  expect(topicMatcher(filter)(topic)).toBe(matches);
});
