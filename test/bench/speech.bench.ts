import { performance } from 'node:perf_hooks';
import { DEFAULT_CHIME } from '#controller/library/library';
import { LibrarySite } from '../support/library-site.ts';
import type { Report } from './main.ts';

const WORDS = 300;
const LIMIT_S = 10;
const RUNS = 3;

/** A bulletin as an officer types it: figures, dates, offices. */
const SENTENCES = [
  'UBND phường Phù Vân thông báo lịch tiêm chủng mở rộng ngày 24/11/2026, từ 7h30 đến 11h tại trạm y tế phường.',
  'Đề nghị các hộ gia đình thu gom rác thải đúng nơi quy định, mức đóng 1.500.000 đ mỗi năm theo QĐ số 12.',
  'Chiều tối nay có mưa to, lượng mưa 80-120 mm, gió cấp 6, bà con chủ động che chắn hoa màu và gia súc.',
];

function bulletin(words: number): string {
  const all: string[] = [];
  for (let at = 0; all.length < words; at += 1)
    all.push(...(SENTENCES[at % SENTENCES.length] ?? '').split(' '));
  return all.slice(0, words).join(' ');
}

/** A text of 300 words from the request to a sound that can be played, by the embedded engine. */
export default async function speech(report: Report): Promise<void> {
  const site = await LibrarySite.start();
  try {
    await site.settled(DEFAULT_CHIME);
    const seconds: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const began = performance.now();
      // Another text each time, so that nothing of the last one helps.
      const text = `Bản tin số ${run + 1}. ${bulletin(WORDS)}`;
      const id = await site.library.speak('Bản tin', { text, language: 'vi' }, null);
      const { state } = await site.settled(id);
      if (state !== 'ready') throw new Error(`the text became ${state}`);
      seconds.push((performance.now() - began) / 1_000);
    }
    const worst = Math.max(...seconds);
    const name = `${WORDS} words spoken, normalised and ready to play, the slowest of ${RUNS}`;
    report({ name, figure: worst, unit: 's', limit: LIMIT_S, ok: worst <= LIMIT_S });
  } finally {
    await site.stop();
  }
}
