import { z } from 'zod';
import { Capabilities, DeviceKind } from './kind.ts';
import { DeviceId, EpochMs } from './primitives.ts';

/** The code on the device's label or screen. No 0/O, 1/I/L, U: it is read aloud from under a pole. */
export const PAIRING_CODE_ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
export const PairingCode = z.string().regex(/^[23456789ABCDEFGHJKMNPQRSTVWXYZ]{8}$/);

/** An Ed25519 public key as a JWK (RFC 8037 §2). */
export const PublicJwk = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
});
export type PublicJwk = z.infer<typeof PublicJwk>;

/**
 * `POST /device/v1/pair`. The device repeats it every few seconds until it is answered with `approved`; the
 * same key and code mean the same request. `proof` is a JWS by the device's key over `{code, serial, at}`, so
 * that nobody else can collect the answer with a key that is not theirs.
 */
export const PairRequest = z.object({
  v: z.literal(1),
  code: PairingCode,
  publicKey: PublicJwk,
  proof: z.string().max(2_000),
  kind: DeviceKind,
  model: z.string().min(1).max(64),
  serial: z.string().min(1).max(64),
  firmware: z.string().min(1).max(64),
  capabilities: Capabilities,
});
export type PairRequest = z.infer<typeof PairRequest>;

export const PairProof = z.object({ code: PairingCode, serial: z.string().max(64), at: EpochMs });

export const PairAnswer = z.discriminatedUnion('state', [
  z.object({ state: z.literal('pending'), retryAfterMs: z.number(), expiresAt: EpochMs }),
  z.object({ state: z.literal('refused') }),
  z.object({
    state: z.literal('approved'),
    device: DeviceId,
    /** MQTT password and HTTP bearer token. Given once; the controller keeps only its hash. */
    credential: z.string().min(32).max(128),
    controllerKey: PublicJwk.extend({ kid: z.string() }),
    /** `mqtt://`, `mqtts://`, `ws://` or `wss://`, best first. */
    brokers: z.array(z.string().max(300)).min(1),
    /** The controller's HTTP root, such as `http://192.0.2.10:8080`; the device interface is `/device/v1` below it. */
    http: z.string().max(300),
  }),
]);
export type PairAnswer = z.infer<typeof PairAnswer>;
