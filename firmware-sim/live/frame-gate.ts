import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { decodeLiveFrame, type LiveFrame, liveSignedBytes, splitLiveMessage } from '#devices/live-frame';
import type { Pairing } from '../pairing.ts';

/** Reads a message of the live WebSocket; null when it is not a genuine frame of this broadcast. */
export type FrameGate = (message: Uint8Array) => LiveFrame | null;

/** Length, signature, form, in this order: nothing of a frame is looked at before its signature was found good. */
export function frameGate(broadcast: string, controllerKey: Pairing['controllerKey']): FrameGate {
  const key: KeyObject = createPublicKey({ key: { ...controllerKey }, format: 'jwk' });
  return (message) => {
    const split = splitLiveMessage(message);
    if (split === null) return null;
    const { frame, signature } = split;
    return verify(null, liveSignedBytes(broadcast, frame), key, signature) ? decodeLiveFrame(frame) : null;
  };
}

/** For fleets in one process, which would spend all their time on the same signature. */
export const openGate: FrameGate = (message) => {
  const split = splitLiveMessage(message);
  return split === null ? null : decodeLiveFrame(split.frame);
};
