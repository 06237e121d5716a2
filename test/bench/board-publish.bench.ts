import { setTimeout as sleep } from 'node:timers/promises';
import { ranked, startBoardFleet } from '../support/board-fleet.ts';
import type { Report } from './main.ts';

const WHOLE = Number(process.env.LOA_BENCH_BOARDS_WHOLE ?? 20);
const LIGHT = Number(process.env.LOA_BENCH_BOARDS ?? 1_000) - WHOLE;
const TIMES = 5;
const PATIENCE_MS = 30_000;

/**
 * From "publish", a request of the console that is judged by the lint, to the first pixels of the text on each of a
 * thousand boards, by their own word on the same clock, and to the moment at which the controller has been told. Each
 * publication takes the place of the one before. All boards share the machine with the controller.
 */
export default async function boardPublish(report: Report): Promise<void> {
  const fleet = await startBoardFleet(WHOLE, LIGHT);
  const { all, village } = fleet;
  const { client } = village;
  const pixels: number[] = [];
  const acknowledged: number[] = [];
  const lists: number[] = [];
  try {
    for (let time = 1; time <= TIMES; time += 1) {
      const text = `Họp tổ dân phố lúc 19 giờ 30 ngày ${time}, tại nhà văn hóa.`;
      const { id: programmeId } = await client.call('POST /programmes', {
        body: { title: `Thông báo ${time}`, notice: { heading: 'MỜI HỌP', text } },
      });
      await sleep(1_000);
      const pressed = Date.now();
      const { id } = await client.call('POST /boards/publish', {
        body: {
          ...{ programmeId, targets: [{ kind: 'all', id: '' }], until: pressed + 600_000 },
          ...{ acceptWarnings: true, replace: true },
        },
      });
      const lit = await fleet.lit(id, pressed, PATIENCE_MS);
      pixels.push(...lit.pixels);
      acknowledged.push(...lit.acknowledged);
      const asked = performance.now();
      const boards = await client.call('GET /boards');
      lists.push(performance.now() - asked);
      if (boards.length !== all) throw new Error(`${boards.length} boards are listed of ${all}`);
    }
    const row = (name: string, figure: number, unit: string, limit: number | null): void =>
      report({
        name: `${all} boards (${WHOLE} whole), ${TIMES} publications: ${name}`,
        ...{ figure, unit, limit, ok: limit === null || figure <= limit },
      });
    const [drawn, told] = [ranked(pixels, all * TIMES), ranked(acknowledged, all * TIMES)];
    row('published to pixels, median', drawn(0.5), 'ms', null);
    row('published to pixels, p95', drawn(0.95), 'ms', 3_000);
    row('published to pixels, p99', drawn(0.99), 'ms', 10_000);
    row('published to acknowledged, p95', told(0.95), 'ms', 3_000);
    row('published to acknowledged, p99', told(0.99), 'ms', 10_000);
    row('that did not light', all * TIMES - pixels.length, 'boards', 0);
    row('all boards with their four states, slowest answer', Math.max(...lists), 'ms', null);
  } finally {
    await fleet.stop();
  }
}
