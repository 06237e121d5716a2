import { faceFor, type Voice } from '#devices/face/face';
import { lettersOf } from '#devices/face/letters';
import { fillTarget, putText, type Target } from '#devices/face/put-text';
import type { Report } from './main.ts';

const TEXT =
  'Ủy ban nhân dân phường Phù Vân thông báo: từ 06:00 ngày 24/11/2026, tổ dân phố số 7 tổ chức tiêm chủng mở rộng cho trẻ dưới năm tuổi tại nhà văn hóa. Đề nghị các gia đình đưa trẻ đến đúng giờ, mang theo sổ tiêm và giấy khai sinh. Những trường hợp ốm, sốt xin báo trước cho trạm y tế phường để được hẹn lịch khác. ';

/** As many whole lines of a text that goes round as fill the page. @returns how many letters were drawn. */
function fillPage(page: Target, voice: Voice, linePx: number): number {
  fillTarget(page, '#000000');
  const face = faceFor(voice, linePx);
  const letters = lettersOf(TEXT);
  let [drawn, from] = [0, 0];
  for (let top = 0; top + face.linePx <= page.height; top += face.linePx) {
    let [line, width] = ['', 0];
    for (;;) {
      const letter = letters[(from + line.length) % letters.length] ?? '';
      width += face.advance(letter);
      if (width > page.width) break;
      line += letter;
    }
    putText(page, face, line, 0, top + face.ascent, '#ffffff');
    from += line.length;
    drawn += line.length;
  }
  return drawn;
}

const pageOf = (width: number, height: number): Target => ({
  data: new Uint8ClampedArray(width * height * 4),
  width,
  height,
});

/** Milliseconds of a core, whatever else the machine does. */
function msOf(work: () => void, times: number): number {
  const before = process.cpuUsage();
  for (let time = 0; time < times; time += 1) work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / times;
}

/** What text costs by itself: the ground, measuring, filling outlines and composing, without any canvas. */
export default function letters(report: Report): Promise<void> {
  const screen = pageOf(1_920, 1_080);
  // The first page fills every outline that it needs; no other face was asked for before.
  let count = 0;
  const first = msOf(() => {
    count = fillPage(screen, 'heading', 96);
  }, 1);
  report({
    name: `a page of ${count} letters at 1920×1080, lines of 96, every outline filled anew`,
    figure: first,
    unit: 'ms',
    // Paid once, and before a page is due: what bounds a page change is in `renderer` and `board-pages`.
    limit: null,
    ok: true,
  });
  const again = msOf(() => fillPage(screen, 'heading', 96), 40);
  report({
    name: 'the same page composed again',
    figure: again,
    unit: 'ms',
    limit: 16,
    ok: again <= 16,
  });
  const board = pageOf(192, 96);
  fillPage(board, 'body', 16);
  const small = msOf(() => {
    count = fillPage(board, 'body', 16);
  }, 2_000);
  report({
    name: `a page of ${count} letters at 192×96, lines of 16`,
    figure: small,
    unit: 'ms',
    limit: 2,
    ok: small <= 2,
  });
  const perSecond = (count * 1_000) / small;
  report({
    name: 'letters composed in a second of one core, on a board of 192×96',
    figure: perSecond,
    unit: '/s',
    limit: 100_000,
    ok: perSecond >= 100_000,
  });
  return Promise.resolve();
}
