import type { Plan, PlanOccurrence, PlanPart } from '#devices/plan';

/** A plan of the given occurrences, with the manifest that they need. */
export function planOf(occurrences: PlanOccurrence[], sizes: ReadonlyMap<string, Buffer>): Plan {
  const parts = new Map(
    occurrences.flatMap(({ parts: all }) => all.map((part) => [part.sha256, part] as const)),
  );
  const starts = occurrences.map(({ startAt }) => startAt);
  return {
    v: 1,
    validFrom: Math.min(...starts, Date.now()),
    validUntil: Date.now() + 30 * 86_400_000,
    occurrences,
    blobs: [...parts.values()].map(({ sha256, type }) => ({
      sha256,
      type,
      bytes: sizes.get(sha256)?.length ?? 1,
    })),
  };
}

export const part = (sha256: string, durationMs: number, more: Partial<PlanPart> = {}): PlanPart => ({
  role: 'programme',
  programme: 'p1',
  title: 'Bản tin sáng',
  sha256,
  type: 'audio/ogg',
  offsetMs: 0,
  durationMs,
  ...more,
});

/** An occurrence that begins at `startAt` (epoch ms) and ends with its last part. */
export function occurrence(
  startAt: number,
  parts: PlanPart[],
  more: Partial<PlanOccurrence> = {},
): PlanOccurrence {
  const start = Math.round(startAt);
  return {
    id: `${more.schedule ?? 's1'}@${start}`,
    schedule: 's1',
    title: 'Bản tin sáng',
    priority: 'scheduled',
    resume: 'resume',
    startAt: start,
    endAt: start + Math.max(...parts.map(({ offsetMs, durationMs }) => offsetMs + durationMs)),
    notAfter: start + 60_000,
    gainDb: 0,
    parts,
    ...more,
  };
}
