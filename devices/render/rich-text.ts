import type { z } from 'zod';
import type { TextItem } from '../scene/item.ts';
import type { Act, Place } from './act.ts';
import { inksOn } from './ink.ts';
import { setText } from './text-act.ts';

/** Text of a document, in paragraphs. */
export function setRichText(item: z.infer<typeof TextItem>, place: Place): Act {
  const inks = inksOn(place.ground, item.colour);
  const paragraphs = item.paragraphs.map(({ runs, align, bullet }) => ({
    runs: runs.map(({ text, bold, colour }) => ({
      // A line break inside a run is a blank: paragraphs are the lines that whoever wrote it meant.
      text: text.replace(/\s+/g, ' '),
      voice: bold === true ? ('heading' as const) : ('body' as const),
      ink: colour ?? inks.body,
    })),
    ...(align === undefined ? {} : { align }),
    ...(bullet === undefined ? {} : { bullet }),
  }));
  return setText(
    { heading: [], paragraphs, linePx: item.linePx, align: item.align, inks, document: true },
    place,
  );
}
