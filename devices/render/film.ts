import type { z } from 'zod';
import type { VideoItem } from '../scene/item.ts';
import { type Act, type Place, UNWRITTEN } from './act.ts';
import { setAlt } from './picture.ts';
import { fileFor, placingOf } from './picture-place.ts';

/** A film, over and over, each frame as it was made; its words where a frame is not there. */
export function setFilm(item: z.infer<typeof VideoItem>, place: Place): Act {
  const file = fileFor(item.files, place.size, 'contain');
  const alt = setAlt(item.alt, place);
  const lastsMs = file?.durationMs ?? item.durationMs;
  const frameMs = 1_000 / (file?.framesPerSecond ?? 1);
  const inFilm = (groupMs: number): number => groupMs % lastsMs;
  return {
    pages: 1,
    moving: true,
    lastsMs,
    setting: UNWRITTEN,
    words: () => item.alt,
    at: (_page, groupMs) => {
      const at = inFilm(groupMs);
      const frame = Math.floor(at / frameMs);
      return { name: String(frame), nextInMs: Math.min(lastsMs, (frame + 1) * frameMs) - at };
    },
    paint: (raster, _page, _groupMs, now) => alt.paint(raster, 0, 0, now),
    everyFrame: true,
    draw: (brush, box, groupMs, assets) => {
      const pixels = file === null ? null : assets.film(file.sha256, inFilm(groupMs));
      if (pixels === null) return;
      const { from, to } = placingOf(pixels, box, 'contain');
      brush.fillStyle = place.ground;
      brush.fillRect(box.x, box.y, box.width, box.height);
      brush.imageSmoothingEnabled = false;
      brush.drawImage(
        pixels,
        from.x,
        from.y,
        from.width,
        from.height,
        box.x + to.x,
        box.y + to.y,
        to.width,
        to.height,
      );
    },
  };
}
