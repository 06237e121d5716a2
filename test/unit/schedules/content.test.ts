import { describe, expect, it } from 'vitest';
import { countParts, layOut } from '#schedules/content';
import { MINUTE, sound } from './made.ts';

describe('what is played in one occurrence', () => {
  const chime = { ...sound('chime', 1), programme: null };

  it('is the chime, then the programmes in order, again after the gap', () => {
    const content = { chime, items: [sound('a', 2), sound('b', 3)], repeat: { count: 2, gapMs: MINUTE } };
    const { parts, durationMs } = layOut(content);
    expect(parts.map(({ role, programme, offsetMs }) => [role, programme, offsetMs / MINUTE])).toEqual([
      ['chime', null, 0],
      ['programme', 'a', 1],
      ['programme', 'b', 3],
      ['chime', null, 7],
      ['programme', 'a', 8],
      ['programme', 'b', 10],
    ]);
    expect(durationMs).toBe(13 * MINUTE);
    expect(countParts(content)).toBe(parts.length);
  });

  it('is nothing when there is no programme: a chime alone announces nothing', () => {
    expect(layOut({ chime, items: [], repeat: { count: 3, gapMs: 0 } })).toEqual({
      parts: [],
      durationMs: 0,
    });
  });
});
