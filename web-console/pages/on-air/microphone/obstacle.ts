/** What stands between the page and a microphone. */
export type Obstacle = 'insecure' | 'unsupported' | 'refused' | 'missing' | 'busy' | 'failed';

/** Why there is no sense in asking for a microphone at all; null when there is. */
export function obstacleAhead(): Obstacle | null {
  // Browsers take the microphone away from pages that came over plain http, except from the machine itself.
  if (!window.isSecureContext) return 'insecure';
  if (navigator.mediaDevices === undefined || typeof AudioWorkletNode === 'undefined') return 'unsupported';
  return null;
}

/** What a refusal of `getUserMedia` means (Media Capture and Streams, 10.3.2). */
export function obstacleOf(error: unknown): Obstacle {
  if (!(error instanceof DOMException)) return 'failed';
  switch (error.name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'refused';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing';
    case 'NotReadableError':
    case 'AbortError':
      return 'busy';
    default:
      return 'failed';
  }
}

/** Whether the person has said no already, or yes; asked of the browser without asking the person. */
export async function permissionNow(): Promise<'granted' | 'denied' | 'prompt'> {
  try {
    return (await navigator.permissions.query({ name: 'microphone' })).state;
  } catch {
    return 'prompt'; // Not every browser tells.
  }
}
