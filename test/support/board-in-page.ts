import type { Assets, Pixels } from '#devices/render/assets';
import type { Brush, Size } from '#devices/render/brush';
import { drawShow, makeShow } from '#devices/render/show';
import type { Scene } from '#devices/scene';

/** A moment of a scene on a board. */
export interface Asked {
  readonly scene: Scene;
  readonly size: Size;
  readonly tMs: number;
  readonly now: number;
}

/** Draws scenes on a browser's canvas, as the console's preview and the screen's page do. @returns RGBA in base64. */
export async function drawAll(
  asked: readonly Asked[],
  pictures: Readonly<Record<string, string>>,
): Promise<string[]> {
  const decoded = new Map<string, Pixels>();
  for (const [sha256, url] of Object.entries(pictures)) {
    const blob = await (await fetch(url)).blob();
    decoded.set(sha256, await createImageBitmap(blob));
  }
  const layer = ({ width, height }: Size): { brush: Brush; pixels: HTMLCanvasElement } => {
    const pixels = document.createElement('canvas');
    pixels.width = width;
    pixels.height = height;
    const brush = pixels.getContext('2d', { alpha: false });
    if (brush === null) throw new Error('no canvas');
    return { brush, pixels };
  };
  const assets: Assets = { picture: (sha256) => decoded.get(sha256) ?? null, film: () => null, layer };
  return asked.map(({ scene, size, tMs, now }) => {
    const { brush } = layer(size);
    const show = makeShow(scene, size, assets);
    // As it is in life: the board was on before.
    drawShow(brush, show, Math.max(0, tMs - 40), now);
    drawShow(brush, show, tMs, now);
    const { data } = brush.getImageData(0, 0, size.width, size.height);
    let text = '';
    for (let at = 0; at < data.length; at += 8_190)
      text += String.fromCharCode(...data.subarray(at, at + 8_190));
    return btoa(text);
  });
}
