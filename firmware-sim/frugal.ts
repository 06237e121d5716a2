import { createRequire } from 'node:module';

/**
 * Spares a small board 8 MB: the MQTT library keeps a buffer for each of 65,536 numbers, to be a little faster than one
 * device will ever have to be. To be called before anything is sent. What the library does not offer any more is left.
 */
export function saveMemory(): void {
  const own = createRequire(import.meta.url);
  const packet: unknown = createRequire(own.resolve('mqtt'))('mqtt-packet');
  if (typeof packet !== 'object' || packet === null || !('writeToStream' in packet)) return;
  const { writeToStream } = packet;
  if (typeof writeToStream === 'function' && 'cacheNumbers' in writeToStream)
    writeToStream.cacheNumbers = false;
}
