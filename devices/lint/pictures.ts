import { isCopy, placingOf } from '../render/picture-place.ts';
import type { FilmFile, PictureFile } from '../scene/file.ts';
import type { LintFinding } from './finding.ts';
import { flashesIn } from './flashes.ts';
import { found, type Looked } from './looked.ts';

interface Pictured {
  readonly visual?: string | undefined;
  readonly files: readonly (PictureFile | FilmFile)[];
  readonly alt: string;
}

const FILE_NAME = /^\S+\.(jpe?g|png|webp|gif|heic|mp4|webm|mov)$|^(IMG|DSC|VID|image|photo)[-_ ]?\d*$/i;
const MOST_FLASHES = 3;

/** Pictures and films: whether they are there, in the zone's size, told in words, and do not flash. */
export function lintPictures(looked: Looked): LintFinding[] {
  const { item } = looked;
  switch (item.type) {
    case 'image':
      return lintPicture(looked, item);
    case 'images':
      return item.pictures.flatMap((picture) => lintPicture(looked, picture));
    case 'video':
      return [...lintPicture(looked, item), ...lintFilm(looked, item.files)];
    default:
      return [];
  }
}

function lintPicture(looked: Looked, { visual, files, alt }: Pictured): LintFinding[] {
  const { item, set, assets } = looked;
  const findings: LintFinding[] = [];
  if (FILE_NAME.test(alt.trim()) || alt.trim() === '') {
    findings.push(found(looked, 'warning', 'no-words-for-picture', {}, 'describe-picture'));
  }
  if (files.length === 0) {
    // While it is composed, it is the library's: its files are made when it is saved.
    return visual === undefined
      ? [...findings, found(looked, 'error', 'no-file', {}, 'choose-picture')]
      : findings;
  }
  const missing =
    assets === undefined || item.type === 'video'
      ? []
      : files.filter(({ sha256 }) => assets.picture(sha256) === null);
  for (const { sha256 } of missing.slice(0, missing.length === files.length ? 1 : 0)) {
    findings.push(found(looked, 'error', 'file-missing', { sha256 }, 'fit-picture'));
  }
  if (set !== null) {
    const { width, height } = set.box;
    const fit = 'fit' in item ? item.fit : 'contain';
    if (!files.some((file) => isCopy(placingOf(file, set.box, fit)))) {
      findings.push(
        found(looked, 'warning', 'file-of-other-size', { width, height }, 'fit-picture', { width, height }),
      );
    }
  }
  return findings;
}

/** Films are counted when they are made; one that was not is looked at, where its frames are at hand. */
function lintFilm(looked: Looked, files: readonly FilmFile[]): LintFinding[] {
  const [file] = files;
  if (file === undefined) return [];
  const { assets } = looked;
  const counted = files.map(({ flashes }) => flashes).filter((flashes) => flashes !== undefined);
  const flashes =
    counted.length > 0 ? Math.max(...counted) : assets === undefined ? null : flashesIn(file, assets);
  if (flashes === null) return [found(looked, 'warning', 'film-unchecked', {}, 'look-at-film')];
  return flashes <= MOST_FLASHES ? [] : [found(looked, 'error', 'flashing', { flashes }, 'choose-picture')];
}
