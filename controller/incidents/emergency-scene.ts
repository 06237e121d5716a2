import type { Scene } from '#devices/scene';

const LONGEST_HEADING = 200;
/** A text as long as may be sent, below its heading. */
const LONGEST_TEXT = 2_201;

export interface EmergencyWords {
  readonly heading: string | null;
  /** What the loudspeakers say, word for word. */
  readonly text: string;
  /** Stands above it where it has no heading. */
  readonly title: string;
  /** BCP 47. */
  readonly language: string;
  readonly drill: boolean;
  /** What says that it is a drill: stands above all, and the rest below; null for nothing. */
  readonly frame: string | null;
}

/** What boards show of an incident: one page over everything, of the very words that the loudspeakers sound. */
export function emergencyScene({ heading, text, title, language, drill, frame }: EmergencyWords): Scene {
  const own = heading ?? title;
  const item = {
    type: 'emergency' as const,
    level: drill ? ('drill' as const) : ('red' as const),
    heading: (frame ?? own).slice(0, LONGEST_HEADING),
    text: (frame === null ? text : `${own}\n${text}`).slice(0, LONGEST_TEXT),
  };
  return { v: 2, language, pages: [{ zones: [{ item }] }] };
}
