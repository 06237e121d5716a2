const LOOK_EVERY_MS = 60 * 60_000;

/**
 * Puts the page into the browser's own keeping, so that it starts without a network, and looks for a newer one every hour.
 * @param onNewer a newer one is whole and in its place: it governs when the page begins anew.
 */
export function keepCurrent(onNewer: () => void): void {
  const { serviceWorker } = navigator;
  const first = serviceWorker.controller === null;
  serviceWorker.addEventListener('controllerchange', () => {
    if (!first) onNewer();
  });
  serviceWorker
    .register('/board-worker.js', { scope: '/board', updateViaCache: 'none' })
    .then((registration) => {
      setInterval(() => void registration.update().catch(() => undefined), LOOK_EVERY_MS);
    })
    // Without it the board works as long as there is a network when it starts.
    .catch((error: unknown) => console.warn(error));
}
