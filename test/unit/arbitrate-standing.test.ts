import { expect, test } from 'vitest';
import { arbitrate, type Claim, type Progress } from '#devices/arbitrate';

const HOUR = 3_600_000;
/** A notice that is to stand on a board from six to ten at night. */
const notice = (progress?: Progress, more: Partial<Claim> = {}): Claim => ({
  id: 'notice',
  priority: 'scheduled',
  resume: 'join',
  startAt: 6 * HOUR,
  endAt: 22 * HOUR,
  notAfter: 6 * HOUR + 300_000,
  stands: true,
  ...(progress === undefined ? {} : { progress }),
  ...more,
});
const interrupted = (since: number, positionMs: number): Progress => ({
  state: 'interrupted',
  since,
  positionMs,
});

test('a board whose power comes at noon shows what is due, though it was due since the morning', () => {
  expect(arbitrate([notice()], 12 * HOUR).playing).toMatchObject({ how: 'join', fromMs: 6 * HOUR });
  expect(arbitrate([notice(undefined, { stands: false })], 12 * HOUR).playing).toBeNull();
});

test('after two hours of an emergency the very page comes back that stood before', () => {
  for (const resume of ['join', 'resume'] as const) {
    const stood = notice(interrupted(8 * HOUR, 2 * HOUR + 4_321), { resume });
    expect(arbitrate([stood], 10 * HOUR).playing).toMatchObject({
      how: 'resume',
      fromMs: 2 * HOUR + 4_321,
    });
  }
  const skipped = notice(interrupted(8 * HOUR, 2 * HOUR), { resume: 'skip' });
  expect(arbitrate([skipped], 8 * HOUR + 60_000).refused[0]?.reason).toBe('skipped');
});

test('what stood ends at its end, however long something else stood in between', () => {
  const back = notice({ state: 'playing', since: 10 * HOUR, fromMs: 2 * HOUR });
  expect(arbitrate([back], 22 * HOUR - 1).playing?.how).toBe('continue');
  expect(arbitrate([back], 22 * HOUR).refused[0]?.reason).toBe('window-over');
  expect(arbitrate([notice(interrupted(8 * HOUR, 2 * HOUR))], 22 * HOUR).refused[0]?.reason).toBe(
    'window-over',
  );
});
