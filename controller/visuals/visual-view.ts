import { z } from 'zod';
import type { Visual } from '../http/contract/visuals.ts';
import type { VisualRow } from './visual-rows.ts';

/** As it is stored in `visual.refusal`. */
export const StoredRefusal = z.object({
  code: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});

/** @param progress how far it has come, which is known better in memory than in its row. */
export function visualView(row: VisualRow, usedBy: number, progress: number | undefined): Visual {
  return {
    id: row.id,
    kind: row.kind,
    title: row.title,
    filename: row.filename,
    alt: row.alt,
    bytes: row.bytes,
    width: row.width,
    height: row.height,
    durationMs: row.duration_ms,
    state: row.state,
    progress: row.state === 'ready' ? 1 : (progress ?? row.progress),
    refusal: row.refusal === null ? null : StoredRefusal.parse(JSON.parse(row.refusal)),
    usedBy,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
