import { loadAlsa } from '#firmware-sim/speaker/alsa-library';

/**
 * Whether ALSA's library is installed, as on every loudspeaker with a sound card. Where it is not, the tests that need it
 * are skipped, and say so; CI has it, and fails without.
 */
export const alsaIsHere: boolean = await loadAlsa().then(
  () => true,
  (error: unknown) => {
    if (process.env.CI !== undefined) throw error;
    console.warn(`not tested with ALSA: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  },
);
