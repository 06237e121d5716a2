/** Keeps the screen on and asks before the page is left, while something is at stake. @returns what ends both. */
export function keepWatch(): () => void {
  let lock: WakeLockSentinel | null = null;
  let over = false;
  const awake = () => {
    // The lock falls whenever the page is out of sight. Without it the screen goes dark and the sound goes on.
    if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
    void navigator.wakeLock.request('screen').then(
      (sentinel) => {
        if (over) void sentinel.release();
        else lock = sentinel;
      },
      () => {},
    );
  };
  const stay = (event: BeforeUnloadEvent) => event.preventDefault();
  awake();
  document.addEventListener('visibilitychange', awake);
  window.addEventListener('beforeunload', stay);
  return () => {
    over = true;
    document.removeEventListener('visibilitychange', awake);
    window.removeEventListener('beforeunload', stay);
    void lock?.release().catch(() => {});
  };
}
