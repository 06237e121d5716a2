import type { FilmFile, PictureFile } from '#devices/scene/file';

/** Pixels of a zone on a board. */
export interface ZoneSize {
  readonly width: number;
  readonly height: number;
}

/**
 * Makes of a picture or film of the library the file for a zone of so many pixels, stored as a blob and remembered, so that
 * the same question again costs nothing. `controller/visuals` does it.
 */
export interface Fitter {
  /**
   * @throws Failure `not-found`; 409 `visual-not-ready` while it is still on its way: to be asked again when its
   *   `visual` change is announced; any other Failure is final.
   */
  fit(visual: string, size: ZoneSize, fit: 'contain' | 'cover'): Promise<PictureFile | FilmFile>;
}
