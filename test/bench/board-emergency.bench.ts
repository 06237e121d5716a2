import { setTimeout as sleep } from 'node:timers/promises';
import { ranked, startBoardFleet } from '../support/board-fleet.ts';
import { until } from '../support/until.ts';
import type { Report } from './main.ts';

const WHOLE = Number(process.env.LOA_BENCH_BOARDS_WHOLE ?? 20);
const LIGHT = Number(process.env.LOA_BENCH_BOARDS ?? 1_000) - WHOLE;
const PRESSES = 5;
const PATIENCE_MS = 15_000;
const WORDS = 'Nước sông Đáy đang lên nhanh. Bà con ven sông hãy lên chỗ cao ngay.';

/**
 * From the press of the red button to the first pixels of the incident's page on each of a thousand boards, by their own
 * word on the same clock; a notice stands on all of them meanwhile. All boards share the machine with the controller.
 */
export default async function boardEmergency(report: Report): Promise<void> {
  const fleet = await startBoardFleet(WHOLE, LIGHT);
  const { all, village } = fleet;
  const { client } = village;
  const pixels: number[] = [];
  try {
    const body = { title: 'Cảnh báo lũ', heading: 'CẢNH BÁO LŨ', text: WORDS };
    const stored = await client.call('POST /stored-messages', { body });
    await until('message and siren to be ready', async () =>
      (await client.call('GET /assets')).every(({ state }) => state === 'ready'),
    );
    const notice = { heading: 'MỜI HỌP', text: 'Họp tổ dân phố lúc 19 giờ 30.' };
    const { id: programmeId } = await client.call('POST /programmes', { body: { title: 'Mời họp', notice } });
    const started = Date.now();
    const { id: standing } = await client.call('POST /boards/publish', {
      body: {
        ...{ programmeId, targets: [{ kind: 'all', id: '' }] },
        ...{ until: started + 600_000, acceptWarnings: true },
      },
    });
    await fleet.lit(standing, started, 30_000);
    for (let press = 0; press < PRESSES; press += 1) {
      const { id } = await client.call('POST /incidents', {
        body: { ...body, targets: [{ kind: 'all', id: '' }], storedMessageId: stored.id, repeats: 1 },
      });
      await sleep(2_000);
      const pressed = Date.now();
      const sent = await client.call('POST /incidents/{id}/confirm', { params: { id }, body: {} });
      const lit = await fleet.lit(sent.messages[0]?.boardBroadcastId ?? '', pressed, PATIENCE_MS);
      pixels.push(...lit.pixels);
      await client.call('POST /incidents/{id}/all-clear', { params: { id }, body: {} });
      await sleep(3_000);
    }
    const drawn = ranked(pixels, all * PRESSES);
    const row = (name: string, figure: number, unit: string, limit: number | null): void =>
      report({
        name: `${all} boards (${WHOLE} whole), ${PRESSES} presses: ${name}`,
        ...{ figure, unit, limit, ok: limit === null || figure <= limit },
      });
    row('press to pixels, median', drawn(0.5), 'ms', null);
    row('press to pixels, p95', drawn(0.95), 'ms', null);
    row('press to pixels, p99', drawn(0.99), 'ms', 2_000);
    row('that did not light', all * PRESSES - pixels.length, 'boards', 0);
  } finally {
    await fleet.stop();
  }
}
