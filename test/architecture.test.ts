import { describe, expect, test } from 'vitest';
import { circles, importsOf } from './support/imports.ts';

/** What each room may import of ours, as in the README's table. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  devices: [],
  schedules: ['devices'],
  controller: ['devices', 'schedules'],
  'firmware-sim': ['devices'],
  'web-console': ['devices', 'schedules'],
};
const PURE = ['devices', 'schedules'];
const CONTRACT = 'controller/http/contract/';

const root = new URL('..', import.meta.url).pathname;
const { files, imports } = importsOf(root, Object.keys(MAY_IMPORT));
const roomOf = (file: string): string => file.split('/', 1)[0] ?? '';
const said = (list: typeof imports): string[] => list.map(({ from, to }) => `${from} → ${to}`);

describe('the house', () => {
  test('was read: every room has files, and they import one another', () => {
    for (const room of Object.keys(MAY_IMPORT))
      expect(files.filter((file) => roomOf(file) === room)).not.toEqual([]);
    expect(imports.some(({ from, to }) => roomOf(from) === 'schedules' && roomOf(to) === 'devices')).toBe(
      true,
    );
    expect(imports.some(({ typeOnly }) => typeOnly)).toBe(true);
  });

  test('keeps its rooms apart, so that a device can be ported without the controller', () => {
    const strays = imports.filter(({ from, to, typeOnly }) => {
      const [room, other] = [roomOf(from), roomOf(to)];
      if (!(other in MAY_IMPORT || other === 'test') || room === other) return false;
      if (room === 'web-console' && to.startsWith(CONTRACT)) return !typeOnly;
      return !MAY_IMPORT[room]?.includes(other);
    });
    expect(said(strays)).toEqual([]);
  });

  test('keeps the contract and the timetable pure: they run in a browser and in a test at any time of day', () => {
    expect(
      said(imports.filter(({ from, to }) => PURE.includes(roomOf(from)) && to.startsWith('node:'))),
    ).toEqual([]);
  });

  test('has no import circles', () => {
    expect(circles(imports)).toEqual([]);
  });
});
