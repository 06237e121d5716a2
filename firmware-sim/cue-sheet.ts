import { arbitrate } from '#devices/arbitrate';
import type { Cue } from './cue.ts';

export interface OnAir {
  readonly occurrence: string;
  readonly title: string;
  readonly levelDbfs?: number;
}

/** The occurrences that have come near, by id, and what can be read off them. */
export class CueSheet extends Map<string, Cue> {
  /** What is heard or seen now. */
  onAir(): OnAir | null {
    for (const cue of this.values()) {
      const stretch = cue.current?.now();
      if (stretch === null || stretch === undefined) continue;
      const title = cue.occurrence.parts[stretch.partIndex]?.title ?? cue.occurrence.title;
      const level = stretch.levelDbfs === undefined ? {} : { levelDbfs: stretch.levelDbfs };
      return { occurrence: cue.id, title, ...level };
    }
    return null;
  }

  get playing(): boolean {
    for (const cue of this.values()) if (cue.performances.size > 0) return true;
    return false;
  }

  /** When the next one begins that does not play yet, epoch ms; infinity for never. */
  get nextStart(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const cue of this.values()) {
      if (cue.performances.size === 0 && cue.closing === null) next = Math.min(next, cue.startAt);
    }
    return next;
  }

  /** Files that they may still open. */
  *files(): Iterable<string> {
    for (const cue of this.values()) for (const part of cue.occurrence.parts) yield part.sha256;
  }

  /** The next instant, not before the last decision, at which the answer of `arbitrate` may be another one. */
  nextInstant(now: number, decidedAt: number): number {
    let next = Number.POSITIVE_INFINITY;
    let waiting = false;
    let end = Number.POSITIVE_INFINITY;
    for (const cue of this.values()) {
      if (cue.closing !== null) continue;
      end = Math.min(end, cue.expectedEnd ?? Number.POSITIVE_INFINITY);
      if (cue.progress?.state === 'playing') continue;
      if (!cue.decided) next = Math.min(next, Math.max(cue.startAt, decidedAt));
      else if (cue.startAt > decidedAt) next = Math.min(next, cue.startAt);
      else if (cue.begun) waiting = true;
      else next = Math.min(next, Math.max(cue.notAfter, now) + 1);
      waiting ||= cue.startAt <= decidedAt;
    }
    // While nothing plays, whatever waits may begin at once; else when what plays has ended.
    if (waiting) next = Math.min(next, end === Number.POSITIVE_INFINITY ? now : end);
    return next;
  }

  /** Whether the newcomer would have the air at an instant, whatever of these plays then or is about to. */
  allYieldTo(newcomer: Cue, at: number): boolean {
    for (const cue of this.values()) {
      if (cue.performances.size === 0) continue;
      const { id, priority, resume, startAt, endAt, notAfter, stands } = cue;
      const progress = { state: 'playing' as const, since: at, fromMs: 0 };
      const rival = { id, priority, resume, startAt, endAt, notAfter, stands, progress };
      if (arbitrate([rival, newcomer], at).playing?.claim !== newcomer) return false;
    }
    return true;
  }
}
