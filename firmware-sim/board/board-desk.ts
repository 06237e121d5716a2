import type { Settings } from '#devices/kind';
import type { Size } from '#devices/render/brush';
import type { Cache } from '../cache.ts';
import type { DeviceClock } from '../clock.ts';
import type { EvidencePost } from '../evidence-post.ts';
import type { LightSensor } from './light-sensor.ts';
import type { MatrixKind } from './matrix.ts';
import type { PanelCondition } from './panel-condition.ts';

/** What a board knows of its line to the controller. */
export interface LineFacts {
  /** For how long there has been no link, ms; 0 while there is one. */
  readonly unlinkedMs: number;
  /** A link stands, and the plan that governs is known to be the newest. */
  readonly upToDate: boolean;
}

/** A page came up, or turned. */
export interface PageTurn {
  readonly occurrence: string;
  readonly scene: string;
  readonly page: number;
  /** When it was due; of one that comes back after an interruption, when it would have come. Epoch ms, by the device's own clock. */
  readonly dueAt: number;
  readonly litAt: number;
}

export interface BoardDesk {
  readonly clock: DeviceClock;
  readonly cache: Cache;
  readonly panel: Size;
  readonly matrix: Omit<MatrixKind, 'size'>;
  readonly condition: PanelCondition;
  readonly sensor: LightSensor | null;
  /** Where films are decoded; null where they are not. */
  readonly ffmpeg: (() => Promise<string>) | null;
  /** Frames of what moves come no faster than this, ms. */
  readonly frameMs: number;
  /** In [0, 1), and the time over which pictures are spread by it, ms. */
  readonly share: number;
  readonly pictureSpreadMs: number;
  readonly settings: () => Settings;
  readonly line: () => LineFacts;
  readonly evidence: EvidencePost;
  readonly fault: (what: string, detail: string) => void;
  readonly mended: (what: string) => void;
  readonly refetch: (sha256: string) => void;
  /** Something that the controller is to hear of soon. */
  readonly onChange: () => void;
  readonly onPageTurn: ((turn: PageTurn) => void) | null;
}
