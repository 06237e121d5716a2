import type { Size } from '#devices/render/brush';
import { drawShow, makeShow, prepareShow } from '#devices/render/show';
import type { Scene } from '#devices/scene';
import { boardAssets, brushOf } from '../support/board-assets.ts';
import { AFTERNOON, SCENES } from '../support/ward-scenes.ts';
import type { Report } from './main.ts';

const LED = { width: 192, height: 96 };
const SCREEN = { width: 1920, height: 1080 };
const FRAMES_MS = 1_000 / 60;

/** Of one core: what the processor worked, not what the clock showed, so that a busy machine does not count. */
function workedMs(act: () => void): number {
  const before = process.cpuUsage();
  act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** Frames a second, drawn one after the other as a board draws them: clock, text, tile and a line that runs. */
function framesASecond(scene: Scene, size: Size, frames: number): number {
  const brush = brushOf(size);
  const show = makeShow(scene, size, boardAssets());
  const draw = (from: number, count: number): void => {
    for (let frame = from; frame < from + count; frame += 1) {
      drawShow(brush, show, frame * FRAMES_MS, AFTERNOON + frame * FRAMES_MS);
    }
    // What was drawn is fetched, or the canvas might put it off.
    brush.getImageData(0, 0, 1, 1);
  };
  draw(0, 120);
  return (frames * 1_000) / workedMs(() => draw(120, frames));
}

/** The longest that the first frame of a page takes, of pages with different letters at different sizes. */
function pageChangeMs(size: Size, prepared: boolean): number {
  const scenes: Scene[] = [
    SCENES.notice,
    SCENES.text,
    SCENES.table,
    SCENES.clock,
    SCENES.emergency,
    SCENES.tile,
  ];
  const scene: Scene = { v: 2, language: 'vi', pages: scenes.flatMap(({ pages }) => pages) };
  // What a processor compiles when it is started is not what a page costs.
  for (let round = 0; round < 3; round += 1) pagesOf(scene, size, prepared);
  return Math.max(...pagesOf(scene, size, prepared));
}

function pagesOf(scene: Scene, size: Size, prepared: boolean): number[] {
  const brush = brushOf(size);
  const show = makeShow(scene, size, boardAssets());
  let tMs = 0;
  return show.pages.map(({ dwellMs }) => {
    const at = tMs;
    tMs += dwellMs;
    const worked = workedMs(() => {
      drawShow(brush, show, at, AFTERNOON + at);
      brush.getImageData(0, 0, 1, 1);
    });
    if (prepared) prepareShow(show, at, AFTERNOON + at);
    return worked;
  });
}

/** Frames of the boards' renderer on one core, and what a page costs when it comes. */
export default async function renderer(report: Report): Promise<void> {
  const led = framesASecond(SCENES.zones, LED, 3_000);
  report({ name: 'frames of 192 × 96, a line running', figure: led, unit: '/s', limit: 500, ok: led >= 500 });
  const screen = framesASecond(SCENES.zones, SCREEN, 300);
  report({
    name: 'frames of 1920 × 1080, a line running',
    figure: screen,
    unit: '/s',
    limit: 60,
    ok: screen >= 60,
  });
  for (const size of [LED, SCREEN]) {
    const change = pageChangeMs(size, false);
    const name = `page change at ${size.width} × ${size.height}, laid out before, worst`;
    report({ name, figure: change, unit: 'ms', limit: 100, ok: change <= 100 });
    const prepared = pageChangeMs(size, true);
    report({ name: `${name}, prepared`, figure: prepared, unit: 'ms', limit: null, ok: true });
  }
}
