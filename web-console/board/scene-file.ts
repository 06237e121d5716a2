import { Scene } from '#devices/scene';

/** The scene that some bytes are; null when they are none. */
export function sceneIn(bytes: Uint8Array | null): Scene | null {
  if (bytes === null) return null;
  try {
    return Scene.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch {
    return null;
  }
}
