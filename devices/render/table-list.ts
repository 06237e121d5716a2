import type { Act, Place } from './act.ts';
import { marginOf } from './box.ts';
import { facesFor, smallestLine } from './fit.ts';
import { inksOn } from './ink.ts';
import { type Table, unbroken } from './table-trial.ts';
import { setText } from './text-act.ts';
import type { WrittenParagraph } from './text-trial.ts';

/** Cells on one line. */
const BETWEEN = ' · ';

/**
 * A table for a zone that is too narrow for its columns, or too low for their names and a row: of each row the first cell
 * stands by itself, the others below it at the right: on one line where there is room for that, else each on its own.
 */
export function setList(item: Table, place: Place): Act {
  const inks = inksOn(place.ground, item.colour);
  const rows = (item.head === true ? item.rows.slice(1) : item.rows).map(([first = '', ...others]) => ({
    first,
    rest: others.map(unbroken).filter((cell) => cell !== ''),
  }));
  const { body } = facesFor(item.linePx ?? smallestLine(place.board));
  const width = place.size.width - 2 * marginOf(place.size).across;
  const joined = rows.every(({ rest }) => body.widthOf(rest.join(BETWEEN)) <= width);
  const paragraphs = rows.flatMap(({ first, rest }): WrittenParagraph[] => [
    { runs: [{ text: first, voice: 'body', ink: inks.quiet }] },
    ...(joined && rest.length > 0 ? [rest.join(BETWEEN)] : rest).map((text) => ({
      runs: [{ text, voice: 'body' as const, ink: inks.body }],
      align: 'end' as const,
      close: true as const,
    })),
  ]);
  const heading = [{ runs: [{ text: item.heading ?? '', voice: 'heading' as const, ink: inks.heading }] }];
  return setText({ heading, paragraphs, linePx: item.linePx, align: undefined, inks, document: true }, place);
}
