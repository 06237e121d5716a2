/** What may be found, and the params of each sentence. Lengths of time in ms, of letters in mm with one decimal. */
export const LINT_CODES = [
  /** A letter that no board can show. `letter`: such as `U+1F600 😀`; `char`. */
  'missing-letter',
  /** Nothing is written there. */
  'nothing-written',
  /** A word is wider than the zone and is cut in two. `word`, `linePx`. */
  'word-too-wide',
  /** The zone is too low or too narrow for what is in it, which is cut off. `width`, `height` of the zone in pixels, `linePx` of the smallest line. */
  'zone-too-small',
  /** The zone lies outside the grid, wholly or in part. */
  'zone-outside',
  /** Two zones lie over each other. `other`: index of the zone below. */
  'zones-overlap',
  /** `mm` is the height of capitals, `neededMm` what `metres` ask for, `readableMetres` from where it can be read. */
  'letters-too-small',
  /** The page stands too short to be read. `dwellMs`, `neededMs`, `words`, `units`. */
  'too-short',
  /** More at once than anybody takes in. `units`, `most`. */
  'too-much-at-once',
  /** The item needs many pages: few see the last. `pages`, `most`. */
  'too-many-pages',
  /** The line runs faster than is read. `lettersASecond`, `most`. */
  'ticker-too-fast',
  /** Pages are read sooner and by more people than a line that runs. `passMs` to see it all, `pagesMs` and `pages` instead. */
  'ticker-rather-pages',
  /** `ratio` with one decimal, `least`, `ink`, `ground`. */
  'low-contrast',
  /** More than three flashes a second can bring on a seizure. `flashes` a second. */
  'flashing',
  /** Nobody has looked whether the film flashes. */
  'film-unchecked',
  /** Nothing, or a file's name, stands for the picture for those who cannot see it. */
  'no-words-for-picture',
  /** The picture has no file. */
  'no-file',
  /** No file has the zone's very size: the picture is scaled. `width`, `height` of the zone. */
  'file-of-other-size',
  /** A file of the picture is not there. `sha256`. */
  'file-missing',
  /** The page's time is over, or comes to nothing. `until`. */
  'page-over',
  'page-never',
  /** No page may stand any more. */
  'all-over',
  /** The figure is older than it may be: dashes stand there. `staleAt`. */
  'tile-stale',
  /** Emergencies are shown by an incident, together with the loudspeakers. */
  'emergency-alone',
] as const;
export type LintCode = (typeof LINT_CODES)[number];

/** What would help, and its params. Those in `APPLICABLE` are done by `applyFix`. */
export const FIX_CODES = [
  /** `char`. */
  'remove-letter',
  /** `dwellMs`. */
  'set-dwell',
  /** `linePx`: larger or smaller letters; what does not fit goes on further pages. */
  'set-line',
  /** `pixelsPerSecond`. */
  'slow-ticker',
  'ticker-to-pages',
  /** `ground`. */
  'set-ground',
  /** `colour`. */
  'set-colour',
  /** `x`, `y`, `width`, `height`. */
  'move-zone',
  /** `eachMs`. */
  'set-each',
  'remove-page',
  'remove-zone',
  'emergency-to-notice',
  /** The rest is for a person to do. */
  'fewer-words',
  'larger-zone',
  'part-zones',
  'describe-picture',
  'choose-picture',
  'fit-picture',
  'look-at-film',
  'set-validity',
  'refresh-tile',
] as const;
export type FixCode = (typeof FIX_CODES)[number];

export const APPLICABLE: ReadonlySet<string> = new Set<FixCode>([
  'remove-letter',
  'set-dwell',
  'set-line',
  'slow-ticker',
  'ticker-to-pages',
  'set-ground',
  'set-colour',
  'move-zone',
  'set-each',
  'remove-page',
  'remove-zone',
  'emergency-to-notice',
]);
