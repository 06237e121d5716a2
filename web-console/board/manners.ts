/** What a screen on a wall needs of a browser: not to sleep, not to forget, and no arrow in the middle of the news. */
export function keepAwake(): void {
  const hold = (): void => {
    if (document.visibilityState === 'visible' && 'wakeLock' in navigator) {
      // Not given on battery, or by an old browser: a kiosk has its power saving off anyway.
      navigator.wakeLock.request('screen').catch(() => undefined);
    }
  };
  document.addEventListener('visibilitychange', hold);
  hold();
  // Who touches the screen once, as browsers ask for, has it whole.
  document.addEventListener('click', () => {
    if (document.fullscreenElement === null) {
      document.documentElement.requestFullscreen().catch(() => undefined);
    }
  });
}

/** What is kept here is not thrown out when the disk gets short. @returns whether the browser promised it. */
export const keepStorage = async (): Promise<boolean> =>
  (await navigator.storage.persisted().catch(() => false)) ||
  (await navigator.storage.persist().catch(() => false));

/** Why this browser cannot be a board; null when it can. */
export async function unfit(): Promise<'insecure' | 'too-old' | null> {
  if (!window.isSecureContext) return 'insecure';
  const parts = ['serviceWorker', 'locks', 'storage'] as const;
  if (parts.some((part) => !(part in navigator)) || !('OffscreenCanvas' in window)) return 'too-old';
  if (!('any' in AbortSignal)) return 'too-old';
  try {
    await crypto.subtle.generateKey({ name: 'Ed25519' }, false, ['sign', 'verify']);
    return null;
  } catch {
    return 'too-old';
  }
}

/** Resolves when no other window of this browser is this board. */
export function alone(onWaiting: () => void): Promise<void> {
  return new Promise((resolve) => {
    const held = new Promise<never>(() => undefined);
    const waiting = setTimeout(onWaiting, 500);
    void navigator.locks.request('loa-board', () => {
      clearTimeout(waiting);
      resolve();
      return held;
    });
  });
}
