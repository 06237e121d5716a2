/** A stored file by its name, which is its hash, and its size. */
export interface BlobRef {
  readonly sha256: string;
  readonly bytes: number;
}

/** What a speaker can decode, of one sound. */
export interface AudioRef {
  readonly opus: BlobRef;
  readonly mp3: BlobRef;
}

/** One thing to be heard, seen or both: a chime, or a programme. */
export interface ContentItem {
  /** Programme id; null for a chime. */
  readonly programme: string | null;
  readonly title: string;
  /** How long it sounds or is shown; ≥ 1. */
  readonly durationMs: number;
  readonly audio: AudioRef | null;
  readonly scene: BlobRef | null;
  /** Silent on a day of mourning. */
  readonly music?: true;
  /** Sound that is made while it is heard: no file, and nothing that a device could plan. */
  readonly live?: true;
}

/** An item at its place in the occurrence. */
export interface Part extends ContentItem {
  readonly role: 'chime' | 'programme';
  /** From the start of the occurrence. */
  readonly offsetMs: number;
}

export interface LaidOut {
  readonly parts: readonly Part[];
  /** From the start of the occurrence to the end of its last part. */
  readonly durationMs: number;
}

/** The most parts that one occurrence of a plan may have; see `PlanOccurrence` in `devices/plan.ts`. */
export const MAX_PARTS = 500;

/** How many parts `layOut` would make: to be refused at the edge when it exceeds `MAX_PARTS`. */
export function countParts(content: Parameters<typeof layOut>[0]): number {
  return (content.items.length + (content.chime === null ? 0 : 1)) * content.repeat.count;
}

/**
 * Writes out what is to be played: the start chime and the items, `repeat.count` times, with `repeat.gapMs` of
 * silence between. Each repeat has its chime, since a person may hear only the second one.
 */
export function layOut(content: {
  readonly chime: ContentItem | null;
  readonly items: readonly ContentItem[];
  readonly repeat: { readonly count: number; readonly gapMs: number };
}): LaidOut {
  const { chime, items, repeat } = content;
  const parts: Part[] = [];
  if (items.length === 0) return { parts, durationMs: 0 };
  let offsetMs = 0;
  for (let round = 0; round < repeat.count; round += 1) {
    if (round > 0) offsetMs += repeat.gapMs;
    if (chime !== null) {
      parts.push({ ...chime, role: 'chime', offsetMs });
      offsetMs += chime.durationMs;
    }
    for (const item of items) {
      parts.push({ ...item, role: 'programme', offsetMs });
      offsetMs += item.durationMs;
    }
  }
  return { parts, durationMs: offsetMs };
}
