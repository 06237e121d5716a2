import { expect, test } from 'vitest';
import { PageShown } from '#devices/as-run';
import { PageTally } from '#devices/board/page-tally';

const page = (index: number, of = 3) => ({ index, of, moving: false });
const HASH = ['a', 'b', 'c'].map((letter) => letter.repeat(64));

test('pages that go round for hours are told once each, with how often and how long they stood', () => {
  const tally = new PageTally();
  let at = 1_000;
  for (let round = 0; round < 400; round += 1) {
    for (let index = 0; index < 3; index += 1) {
      if (tally.stands(page(index), at)) tally.proven(index, HASH[index] ?? '');
      // A clock on the page is drawn again and again, and is the same page.
      tally.stands(page(index), at + 500);
      at += 1_000 * (index + 1);
    }
  }
  const told = tally.pages(at).map((one) => PageShown.parse(one));
  expect(told.map(({ times, shownMs }) => [times, shownMs])).toEqual([
    [400, 400_000],
    [400, 800_000],
    [400, 1_200_000],
  ]);
  expect(told.map(({ pixelsSha256 }) => pixelsSha256)).toEqual(HASH);
  expect(told[1]).toMatchObject({ index: 1, of: 3, firstAt: 2_000, lastAt: at - 5_000 });
  expect(tally.shownMs(at)).toBe(2_400_000);
});

test('what stands in the dark between two pages is counted to neither', () => {
  const tally = new PageTally();
  tally.stands(page(0), 0);
  tally.proven(0, HASH[0] ?? '');
  tally.ends(4_000);
  expect(tally.standing).toBeNull();
  tally.stands(page(0), 9_000);
  expect(tally.pages(10_000)).toMatchObject([{ times: 2, shownMs: 5_000, firstAt: 0, lastAt: 9_000 }]);
});

test('a page whose pixels nobody proved is not told as shown', () => {
  const tally = new PageTally();
  tally.stands(page(0), 0);
  expect(tally.pages(5_000)).toEqual([]);
});
