import { z } from 'zod';
import type { Rendition } from '#devices/broadcast';
import { Capabilities } from '#devices/kind';
import { MediaType, PlanBlob } from '#devices/plan';
import type { Store } from '../database/open.ts';
import { boardChoiceOf, TROUBLES } from './board-choice.ts';

/** A subquery: the programmes that stand on some board when nothing else does. */
export const FALLBACK_PROGRAMMES = `SELECT CASE chosen.type WHEN 'object' THEN chosen.value ->> '$.programmeId' END
  FROM device d, json_each(d.board) chosen WHERE d.board IS NOT NULL AND d.removed_at IS NULL
    AND CASE chosen.type WHEN 'object' THEN chosen.value ->> '$.show' END = 'programme'`;

/** A subquery: the SHA-256 of their scenes, and of every file that those name. */
export const FALLBACK_BLOBS = `SELECT scene_sha256 FROM programme
    WHERE scene_sha256 IS NOT NULL AND id IN (${FALLBACK_PROGRAMMES})
  UNION SELECT f.file_sha256 FROM programme p JOIN scene_file f ON f.scene_sha256 = p.scene_sha256
    WHERE p.id IN (${FALLBACK_PROGRAMMES})`;

interface FileRow {
  readonly sha256: string;
  readonly bytes: number;
  readonly type: string;
  readonly panels: string | null;
}

const FILES = `SELECT b.sha256, b.bytes, b.type, NULL AS panels, 0 AS place FROM programme p
    JOIN blob b ON b.sha256 = p.scene_sha256 WHERE p.id = @id AND p.removed_at IS NULL
  UNION ALL SELECT b.sha256, b.bytes, b.type, f.panels, 1 FROM programme p
    JOIN scene_file f ON f.scene_sha256 = p.scene_sha256 JOIN blob b ON b.sha256 = f.file_sha256
    WHERE p.id = @id AND p.removed_at IS NULL
  ORDER BY place, sha256`;

const Panels = z.array(PlanBlob.shape.panels.unwrap().element);

/**
 * What a board is to hold for the moments in which it has nothing else to show: the scenes of its fallbacks, and of
 * their pictures and films those that are made for its size.
 * @param board the column `device.board`. @param capabilities JSON, as the device told them.
 */
export function fallbackFiles({ sqlite }: Store, board: string | null, capabilities: string): Rendition[] {
  if (board === null) return [];
  const choice = boardChoiceOf(board);
  const { panel: told } = Capabilities.parse(JSON.parse(capabilities));
  // Of an LED panel that mirrors a part of a screen, that part is what files are made for.
  const panel = told === undefined ? undefined : (choice.rectangle ?? told);
  const files = sqlite.prepare<[object], FileRow>(FILES);
  const wanted = TROUBLES.flatMap((trouble) => {
    const chosen = choice[trouble];
    return chosen.show === 'programme' ? files.all({ id: chosen.programmeId }) : [];
  });
  const fits = ({ panels }: FileRow): boolean =>
    panels === null ||
    panel === undefined ||
    Panels.parse(JSON.parse(panels)).some(
      ({ width, height }) => width === panel.width && height === panel.height,
    );
  const renditions = wanted
    .filter(fits)
    .map(({ sha256, bytes, type }): Rendition => ({ sha256, bytes, type: MediaType.parse(type) }));
  return [...new Map(renditions.map((rendition) => [rendition.sha256, rendition])).values()];
}
