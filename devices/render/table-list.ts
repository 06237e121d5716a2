import type { Act, Place } from './act.ts';
import { inksOn } from './ink.ts';
import { type Table, unbroken } from './table-trial.ts';
import { setText } from './text-act.ts';
import type { WrittenParagraph } from './text-trial.ts';

/**
 * A table for a zone that is too narrow for its columns: of each row the first cell stands by itself, the others below
 * it at the right.
 */
export function setList(item: Table, place: Place): Act {
  const inks = inksOn(place.ground, item.colour);
  const rows = item.head === true ? item.rows.slice(1) : item.rows;
  const paragraphs = rows.flatMap(([first = '', ...others]): WrittenParagraph[] => {
    const rest = others.map(unbroken).filter((cell) => cell !== '');
    return [
      { runs: [{ text: first, voice: 'body', ink: inks.quiet }] },
      ...(rest.length === 0
        ? []
        : [
            {
              runs: [{ text: rest.join(' · '), voice: 'body' as const, ink: inks.body }],
              align: 'end' as const,
              close: true as const,
            },
          ]),
    ];
  });
  const heading = [{ runs: [{ text: item.heading ?? '', voice: 'heading' as const, ink: inks.heading }] }];
  return setText({ heading, paragraphs, linePx: item.linePx, align: undefined, inks, document: true }, place);
}
