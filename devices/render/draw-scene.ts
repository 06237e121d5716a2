import type { Scene } from '../scene.ts';
import type { Brush, Size } from './brush.ts';
import { layOut, marginOf, markHeight, type Page } from './layout.ts';

/** Black is an LED that is off: the highest contrast there is, the least power, and no glow at night. */
export const INK = {
  ground: '#000000',
  heading: '#ffc933',
  body: '#ffffff',
  mark: '#ffc933',
  faint: '#5c4a12',
} as const;

/** An idle board is dark. */
export function drawIdle(brush: Brush, size: Size): void {
  brush.fillStyle = INK.ground;
  brush.fillRect(0, 0, size.width, size.height);
}

/** Which page stands at `tMs` after the scene began, and when the next one comes; the pages go round. */
export function pageAt(pages: readonly Page[], tMs: number): { page: Page | undefined; nextInMs: number } {
  const round = pages.reduce((sum, page) => sum + page.dwellMs, 0);
  if (pages.length < 2 || round === 0) return { page: pages[0], nextInMs: Number.POSITIVE_INFINITY };
  let left = Math.max(0, tMs) % round;
  for (const page of pages) {
    if (left < page.dwellMs) return { page, nextInMs: page.dwellMs - left };
    left -= page.dwellMs;
  }
  return { page: pages[0], nextInMs: pages[0]?.dwellMs ?? Number.POSITIVE_INFINITY };
}

export function drawPage(brush: Brush, page: Page, size: Size): void {
  drawIdle(brush, size);
  brush.textBaseline = 'alphabetic';
  for (const line of page.lines) {
    brush.font = line.font;
    brush.fillStyle = INK[line.voice];
    brush.textAlign = 'left';
    // Centred by hand, so that the left edge falls on a whole pixel.
    const x = line.align === 'left' ? line.x : Math.round(line.x - brush.measureText(line.text).width / 2);
    brush.fillText(line.text, x, line.y);
  }
  if (page.rule !== null) {
    const inset = marginOf(size);
    brush.fillStyle = INK.heading;
    brush.fillRect(inset, page.rule.y, size.width - 2 * inset, page.rule.height);
  }
  drawPosition(brush, page.position, size);
}

/** Marks along the lower edge, the standing page's bright. */
function drawPosition(brush: Brush, { index, of }: Page['position'], size: Size): void {
  if (of < 2) return;
  const height = markHeight(size);
  const pitch = Math.max(2, Math.floor(size.width / of));
  const gap = Math.max(1, Math.round(height / 2));
  for (let at = 0; at < of; at += 1) {
    brush.fillStyle = at === index ? INK.mark : INK.faint;
    brush.fillRect(
      at * pitch,
      size.height - height,
      at === of - 1 ? size.width - at * pitch : pitch - gap,
      height,
    );
  }
}

/**
 * Draws what a board shows `tMs` milliseconds after the scene began. The same pixels for the same arguments and
 * fonts, on the board, in the console's preview and in the evidence.
 */
export function drawScene(brush: Brush, scene: Scene, size: Size, tMs: number): void {
  const { page } = pageAt(layOut(brush, scene, size), tMs);
  if (page === undefined) drawIdle(brush, size);
  else drawPage(brush, page, size);
}
