/** Twenty milliseconds of nothing, one channel: CELT, full band (RFC 6716 §3.1). */
export const SILENCE: Uint8Array = Uint8Array.of(0xf8, 0xff, 0xfe);
export const SILENCE_MS = 20;

/** RFC 6716 §3.2: no frame is larger; and a packet of ours has few. */
const MOST_BYTES = 1_275 * 3;
const MOST_MS = 120;

const SILK_MS = [10, 20, 40, 60] as const;
const HYBRID_MS = [10, 20] as const;
const CELT_MS = [2.5, 5, 10, 20] as const;

/** How long a packet sounds, by its first byte (RFC 6716 §3.1); null when it cannot be one. */
export function opusDurationMs(packet: Uint8Array): number | null {
  const [toc, second = 0] = packet;
  if (toc === undefined || packet.length > MOST_BYTES) return null;
  const config = toc >> 3;
  const frameMs =
    config < 12 ? SILK_MS[config & 3] : config < 16 ? HYBRID_MS[config & 1] : CELT_MS[config & 3];
  const code = toc & 3;
  const frames = code === 0 ? 1 : code < 3 ? 2 : second & 0x3f;
  if (frameMs === undefined || frames === 0 || (code === 3 && packet.length < 2)) return null;
  const ms = frameMs * frames;
  return ms > MOST_MS ? null : ms;
}
