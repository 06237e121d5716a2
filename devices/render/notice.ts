import type { z } from 'zod';
import type { NoticeItem } from '../scene/item.ts';
import type { Act, Place } from './act.ts';
import { inksOn } from './ink.ts';
import { setText } from './text-act.ts';

/** A heading and a text, as large as they may be. */
export function setNotice(item: z.infer<typeof NoticeItem>, place: Place): Act {
  const inks = inksOn(place.ground, item.colour);
  const paragraphs = item.text
    .split(/\r?\n/)
    .map((text) => ({ runs: [{ text, voice: 'body' as const, ink: inks.body }] }));
  const heading = (item.heading ?? '')
    .split(/\r?\n/)
    .map((text) => ({ runs: [{ text, voice: 'heading' as const, ink: inks.heading }] }));
  return setText({ heading, paragraphs, linePx: item.linePx, align: item.align, inks }, place);
}
