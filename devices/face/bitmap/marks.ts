import type { Rows } from './bitmaps.ts';

/** What stands over a letter: the shape of a vowel (â ă), a tone, and what Latin-1 has besides. */
export type Mark =
  | 'circumflex'
  | 'breve'
  | 'acute'
  | 'grave'
  | 'hook'
  | 'tilde'
  | 'diaeresis'
  | 'ring'
  | 'dot';

/**
 * The drawings of a mark. The first that fits in width and height is taken: the higher one is told apart more easily,
 * and one with as odd a width as the letter's stands in its middle.
 */
export type Drawings = Readonly<Record<Mark, readonly Rows[]>>;

const drawn = (art: string): Rows[] =>
  art
    .trim()
    .split(/\n\s*\n/)
    .map((mark) => mark.split('\n').map((row) => row.trim().replaceAll('.', ' ')));

/** For strokes of one pixel. Where only two rows are left, the acute stands to the right and the grave to the left. */
export const LIGHT: Drawings = {
  acute: drawn(`
    ..#
    .#.
    #..

    ...#
    ..#.`),
  grave: drawn(`
    #..
    .#.
    ..#

    #...
    .#..`),
  hook: drawn(`
    ##.
    ..#
    .#.

    ###
    ..#`),
  tilde: drawn(`
    .##..#
    #..##.

    .##.#
    #..#.

    .#.#
    #.#.`),
  circumflex: drawn(`
    ..##..
    .#..#.
    #....#

    ..#..
    .#.#.
    #...#

    .##.
    #..#

    .#.
    #.#`),
  breve: drawn(`
    #....#
    #....#
    .####.

    #...#
    #...#
    .###.

    #....#
    .####.

    #...#
    .###.

    #..#
    .##.`),
  diaeresis: drawn(`
    #..#

    #.#`),
  ring: drawn(`
    .#.
    #.#
    .#.`),
  dot: drawn(`
    ##
    ##

    ##`),
};

/** For uprights of two pixels and level strokes of one. */
export const SMALL_BOLD: Drawings = {
  acute: drawn(`
    ..##
    .##.
    ##..

    ...##
    ..##.`),
  grave: drawn(`
    ##..
    .##.
    ..##

    ##...
    .##..`),
  hook: drawn(`
    ###.
    ..##
    .##.

    ####
    ..##`),
  tilde: drawn(`
    .###.##
    ##.###.

    .##.##
    ##.##.`),
  circumflex: drawn(`
    ..##..
    .####.
    ##..##

    .###.
    ##.##

    ..##..
    ##..##`),
  breve: drawn(`
    ##..##
    .####.

    ##.##
    .###.`),
  diaeresis: drawn(`
    ##.##

    ##..##`),
  ring: drawn(`
    .##.
    #..#
    .##.`),
  dot: drawn(`
    ##
    ##

    ##`),
};

/** For strokes of two and three pixels. */
export const LARGE: Drawings = {
  acute: drawn(`
    ...##
    ..##.
    .##..
    ##...

    ..##
    .##.
    ##..`),
  grave: drawn(`
    ##...
    .##..
    ..##.
    ...##

    ##..
    .##.
    ..##`),
  hook: drawn(`
    ####.
    ...##
    .###.
    .##..

    ####.
    ...##
    ..##.`),
  tilde: drawn(`
    .###..##
    ########
    ##..###.

    .##..##
    #######
    ##..##.`),
  circumflex: drawn(`
    ..###..
    .##.##.
    ##...##

    ..##..
    .####.
    ##..##

    ..#..
    .###.
    ##.##`),
  breve: drawn(`
    ##....##
    ###..###
    .######.

    ##...##
    ###.###
    .#####.

    ##..##
    ######
    .####.`),
  diaeresis: drawn(`
    ##..##
    ##..##

    ##.##
    ##.##`),
  ring: drawn(`
    .##.
    #..#
    .##.`),
  dot: drawn(`
    ##
    ##`),
};
