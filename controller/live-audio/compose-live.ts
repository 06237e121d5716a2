import { createHash } from 'node:crypto';
import type { BroadcastPart } from '#devices/broadcast';
import { LIVE_TYPE } from '#devices/plan';
import type { Composition } from '../broadcasts/compose.ts';
import type { Store } from '../database/open.ts';
import { DEFAULT_CHIME } from '../library/library.ts';

export interface LiveContent {
  /** The broadcast's id, chosen beforehand: the stream is named after it. */
  readonly id: string;
  readonly title: string;
  /** Whether the chime of the library comes first; without one that is ready there is none. */
  readonly chime: boolean;
  /** The longest that it may last; it is shortened when it has ended, see `Broadcasts.conclude`. */
  readonly longestMs: number;
  /** Whether it is music, which is silent on a day of mourning. */
  readonly music?: boolean;
}

/** What stands in the place of a file's hash: it names the stream and no content, which is signed frame by frame. */
export const liveName = (broadcast: string): string =>
  createHash('sha256').update(`loa-live/1 ${broadcast}`).digest('hex');

/** A broadcast of sound that does not exist yet: the chime from the devices' caches, then what comes as it is made. */
export function composeLive(store: Store, content: LiveContent): Composition {
  const { id, title, longestMs, music = false } = content;
  const parts: BroadcastPart[] = content.chime ? chimeOf(store) : [];
  const offsetMs = parts.reduce((end, part) => Math.max(end, part.offsetMs + part.durationMs), 0);
  parts.push({
    ...{ role: 'programme', programme: null, title, offsetMs, durationMs: longestMs },
    renditions: [{ sha256: liveName(id), bytes: 0, type: LIVE_TYPE }],
    ...(music ? { music: true as const } : {}),
  });
  return { title, parts, durationMs: offsetMs + longestMs };
}

interface ChimeRow {
  readonly title: string;
  readonly duration_ms: number;
  readonly opus: string;
  readonly opus_bytes: number;
  readonly mp3: string;
  readonly mp3_bytes: number;
}

function chimeOf({ sqlite }: Store): BroadcastPart[] {
  const row = sqlite
    .prepare<[string], ChimeRow>(
      `SELECT a.title, a.duration_ms, o.sha256 AS opus, o.bytes AS opus_bytes, m.sha256 AS mp3, m.bytes AS mp3_bytes
        FROM asset a JOIN blob o ON o.sha256 = a.opus_sha256 JOIN blob m ON m.sha256 = a.mp3_sha256
        WHERE a.id = ? AND a.state = 'ready' AND a.removed_at IS NULL AND a.duration_ms > 0`,
    )
    .get(DEFAULT_CHIME);
  if (row === undefined) return [];
  return [
    {
      ...{ role: 'chime', programme: null, title: row.title, offsetMs: 0, durationMs: row.duration_ms },
      renditions: [
        { sha256: row.opus, bytes: row.opus_bytes, type: 'audio/ogg' },
        { sha256: row.mp3, bytes: row.mp3_bytes, type: 'audio/mpeg' },
      ],
    },
  ];
}
