import { z } from 'zod';
import { MediaType } from '../plan.ts';
import { Sha256 } from '../primitives.ts';

/** What a picture or a film on a board may be. Films have no sound: boards are silent. */
export const PictureType = MediaType.extract(['image/png', 'image/jpeg', 'image/webp']);
export const FilmType = MediaType.extract(['video/webm', 'video/mp4']);

const pixels = z.number().int().min(1).max(8_192);

/**
 * One form of a picture: made for one zone on one size of board, so that a board copies pixels and scales nothing.
 * A zone of another size takes the nearest and scales it.
 */
export const PictureFile = z.object({
  sha256: Sha256,
  bytes: z.number().int().min(1),
  type: PictureType,
  width: pixels,
  height: pixels,
});
export type PictureFile = z.infer<typeof PictureFile>;

export const FilmFile = PictureFile.extend({
  type: FilmType,
  framesPerSecond: z.number().min(1).max(60),
  durationMs: z.number().min(1),
  /** The most flashes in any second of it, counted when it was made; left out: nobody has counted. */
  flashes: z.number().int().min(0).optional(),
});
export type FilmFile = z.infer<typeof FilmFile>;
