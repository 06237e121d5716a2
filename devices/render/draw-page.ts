import type { Brush, Size } from './brush.ts';
import { INK } from './ink.ts';
import { marginOf, markHeight, type Page } from './layout.ts';

export function drawPage(brush: Brush, page: Page, size: Size): void {
  brush.fillStyle = INK.ground;
  brush.fillRect(0, 0, size.width, size.height);
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
