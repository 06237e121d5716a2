import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SCENE_TYPE } from '#devices/scene';
import type { PageTurn } from '#firmware-sim/board/board-desk';
import { Device } from '#firmware-sim/device';
import { boardSettings, noticePage, sceneBytes } from '../support/board-scenes.ts';
import { FakeController, until } from '../support/fake-controller.ts';
import { occurrence, part, planOf } from '../support/fake-plan.ts';
import type { Report } from './main.ts';

const PAGES = 8;
const SECONDS = 60;
const SIZES = [
  { width: 192, height: 96 },
  { width: 1_920, height: 1_080 },
];

/** Pages that turn every second on a real device in real time: how far from its second each was lit, by the device's clock. */
export default async function boardPages(report: Report): Promise<void> {
  for (const panel of SIZES) {
    const errors = (await turnsOf(panel)).map(({ dueAt, litAt }) => litAt - dueAt).sort((a, b) => a - b);
    const at = (share: number): number =>
      errors[Math.min(errors.length - 1, Math.floor(errors.length * share))] ?? Number.NaN;
    const row = (name: string, figure: number, limit: number | null): void =>
      report({
        name: `${panel.width}×${panel.height}, ${errors.length} pages that turn every second: ${name}`,
        ...{ figure, unit: 'ms', limit, ok: limit === null || figure <= limit },
      });
    row('lit after its second, median', at(0.5), null);
    row('lit after its second, worst', at(1), 100);
  }
}

async function turnsOf(panel: { width: number; height: number }): Promise<PageTurn[]> {
  const controller = new FakeController();
  await controller.start();
  const dir = await mkdtemp(join(tmpdir(), 'loa-pages-'));
  const turns: PageTurn[] = [];
  const device = new Device({
    ...{ kind: 'board', http: controller.url, dir, panel, pairRetryMs: 50 },
    onPageTurn: (turn) => turns.push(turn),
  });
  try {
    await device.start();
    const pages = Array.from({ length: PAGES }, (_, index) =>
      noticePage(`Trang ${index + 1}: lịch cắt điện tổ dân phố`, { dwellMs: 1_000 }),
    );
    const scene = controller.addBlob(sceneBytes(pages));
    const startAt = Math.ceil(Date.now() / 1_000) * 1_000 + 8_000;
    const shown = occurrence(startAt, [part(scene, SECONDS * 1_000, { type: SCENE_TYPE })]);
    await controller.desire(planOf([shown], controller.blobs), { settings: { board: boardSettings() } });
    const done = (): boolean =>
      [...controller.records.values()].some((record) => record.occurrence === shown.id);
    await until('it was shown', done, (SECONDS + 60) * 1_000);
    return turns;
  } finally {
    await device.stop();
    await controller.stop();
    await rm(dir, { recursive: true, force: true });
  }
}
