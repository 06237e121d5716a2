import { z } from 'zod';
import { type Asset, AssetStage } from '../http/contract/library.ts';
import type { ListedAsset } from './asset-rows.ts';
import type { Progress } from './progress.ts';

const Params = z.record(z.string(), z.union([z.string(), z.number()]));

/** An asset as the interface shows it. How far it has come is known better in memory than in its row. */
export function assetView(row: ListedAsset, progress: Progress | undefined): Asset {
  const stage = AssetStage.nullable().catch(null).parse(row.stage);
  return {
    id: row.id,
    title: row.title,
    filename: row.filename,
    source: row.source,
    language: row.language,
    text: row.text,
    bytes: row.bytes,
    format: row.format,
    state: row.state,
    stage: progress?.stage ?? (row.state === 'receiving' ? 'receiving' : stage),
    progress: progress?.ratio ?? row.progress,
    refusal:
      row.refusal === null
        ? null
        : { code: row.refusal, params: Params.parse(JSON.parse(row.refusal_params ?? '{}')) },
    durationMs: row.duration_ms,
    loudnessLufs: row.loudness_lufs,
    truePeakDbtp: row.true_peak_dbtp,
    sourceLoudnessLufs: row.source_loudness_lufs,
    sha256: row.opus_sha256,
    usedBy: row.used_by,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
