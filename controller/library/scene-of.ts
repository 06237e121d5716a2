import { SCENE_TYPE, type Scene } from '#devices/scene';
import type { BlobStore } from '../blobs/store.ts';

export interface Notice {
  readonly heading: string | null;
  readonly text: string;
  readonly durationMs: number;
}

/** What boards draw for a notice. */
export function sceneOf(notice: Pick<Notice, 'heading' | 'text'>, language: string): Scene {
  const heading = notice.heading === null || notice.heading === '' ? {} : { heading: notice.heading };
  const item = { type: 'notice', ...heading, text: notice.text } as const;
  return { v: 2, language, pages: [{ zones: [{ item }] }] };
}

/** Canonical JSON (RFC 8785) for values of this kind: keys in order, no white space; one scene is one name. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

/** @returns the SHA-256 of the stored scene. */
export async function storeScene(blobs: BlobStore, scene: Scene, now: number): Promise<string> {
  return (await blobs.put(Buffer.from(canonical(scene), 'utf8'), SCENE_TYPE, now)).sha256;
}
