import type { PlanBlob } from '#devices/plan';

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

/** What a board draws, and the pictures and films that it names. */
export interface SceneRef extends BlobRef {
  readonly files?: readonly PlanBlob[];
}

/** One thing to be heard, seen or both: a chime, or a programme. */
export interface ContentItem {
  /** Programme id; null for a chime. */
  readonly programme: string | null;
  readonly title: string;
  /** How long it sounds or is shown; ≥ 1. */
  readonly durationMs: number;
  readonly audio: AudioRef | null;
  readonly scene: SceneRef | null;
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
  /** What boards show instead, where they are to go on for longer: see {@link goRound}. */
  readonly boards?: GoingRound;
}

/** Scenes alone, one after the other, again and again. */
export interface GoingRound {
  readonly parts: readonly Part[];
  /** From the start of the occurrence to its end. */
  readonly durationMs: number;
  /** After so long the first part comes again; absent where one part stands all the time. */
  readonly loopMs?: number;
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

/**
 * What boards show for `durationMs`: the scenes of the items, each for its own time, until that is over. One scene alone
 * stands all the time, and turns its own pages. Undefined where there is no scene.
 */
export function goRound(items: readonly ContentItem[], durationMs: number): GoingRound | undefined {
  const shown = items.filter(({ scene }) => scene !== null);
  const [only] = shown;
  if (only === undefined) return undefined;
  if (shown.length === 1) {
    return { parts: [{ ...only, durationMs, role: 'programme', offsetMs: 0 }], durationMs };
  }
  let loopMs = 0;
  const parts = shown.map((item): Part => {
    const offsetMs = loopMs;
    loopMs += item.durationMs;
    return { ...item, role: 'programme', offsetMs };
  });
  // What does not even come round once is cut at the end.
  const within = parts.filter(({ offsetMs }) => offsetMs < durationMs);
  if (loopMs < durationMs) return { parts, durationMs, loopMs };
  const cut = within.map((part) => ({
    ...part,
    durationMs: Math.min(part.durationMs, durationMs - part.offsetMs),
  }));
  return { parts: cut, durationMs };
}
