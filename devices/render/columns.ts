/** What a column asks for: as wide as what stands in it, or at least as wide as its longest word. */
export interface Wish {
  readonly natural: number;
  readonly least: number;
}

/**
 * Widths of columns that fill a width, gaps apart. Room that is left goes to the first column, so that the last one
 * stands at the right edge; where there is too little, columns give way by what they can spare.
 */
export function shareOut(
  wishes: readonly Wish[],
  width: number,
  gap: number,
): { widths: number[]; whole: boolean } {
  const room = width - gap * (wishes.length - 1);
  const natural = wishes.reduce((sum, wish) => sum + wish.natural, 0);
  const least = wishes.reduce((sum, wish) => sum + wish.least, 0);
  if (natural <= room) {
    const widths = wishes.map((wish) => wish.natural);
    widths[0] = (widths[0] ?? 0) + room - natural;
    return { widths, whole: true };
  }
  const spare = natural - least;
  const share = spare > 0 ? Math.max(0, room - least) / spare : 0;
  const squeeze = least > room ? room / least : 1;
  const widths = wishes.map((wish) =>
    Math.max(1, Math.floor(wish.least * squeeze + (wish.natural - wish.least) * share)),
  );
  const used = widths.reduce((sum, one) => sum + one, 0);
  widths[0] = Math.max(1, (widths[0] ?? 1) + room - used);
  return { widths, whole: false };
}
