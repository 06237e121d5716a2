/** Length of a frame by the configuration in a packet's first byte, ms (RFC 6716, table 2). */
const SPEECH = [10, 20, 40, 60];
const HYBRID = [10, 20];
const MUSIC = [2.5, 5, 10, 20];

/** How long an Opus packet sounds, ms; told by its first two bytes. */
export function lengthOf(packet: Uint8Array): number {
  const [toc = 0, second = 0] = packet;
  const configuration = toc >> 3;
  const frameMs =
    configuration < 12
      ? SPEECH[configuration % 4]
      : configuration < 16
        ? HYBRID[configuration % 2]
        : MUSIC[configuration % 4];
  const code = toc & 3;
  const frames = code === 0 ? 1 : code === 3 ? second & 63 : 2;
  return (frameMs ?? 0) * frames;
}
