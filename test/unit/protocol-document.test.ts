import { verify as checkSignature, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { importJWK } from 'jose';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { decodeLiveFrame, encodeLiveFrame, liveSignedBytes, splitLiveMessage } from '#devices/live-frame';
import { LiveReport } from '#devices/messages/live-report';
import { PairAnswer, PairRequest } from '#devices/pairing';
import { Plan } from '#devices/plan';
import { Scene } from '#devices/scene';
import { type SignedKind, sign, verify } from '#devices/signature';
import { DOWN, downTopic, HOST_STATE, parseUpTopic, UP, upTopic } from '#devices/topics';

const text = readFileSync(new URL('../../devices/PROTOCOL.md', import.meta.url), 'utf8');
const blocks = [...text.matchAll(/```(json|jws|hex) ([^\n]+)\n([^`]+)\n```/g)].map(
  ([, language = '', about = '', body = '']) => ({ language, about, body }),
);
const KEY = {
  kty: 'OKP',
  crv: 'Ed25519',
  d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
};

function schemaFor(about: string): { schema: z.ZodType; maxBytes: number } {
  const up = parseUpTopic(about);
  if (up !== null) {
    expect(upTopic(up.device, up.kind), 'the partition in the document').toBe(about);
    return UP[up.kind];
  }
  if (about === HOST_STATE.topic) return HOST_STATE;
  if (about === downTopic('loa-7k3m9q2x', 'tell')) return DOWN.tell;
  const named = {
    plan: Plan,
    scene: Scene,
    'pair-request': PairRequest,
    'pair-answer': PairAnswer,
    'live-report': LiveReport,
  }[about];
  if (named === undefined)
    throw new Error(`the document has an example of ${about}, which the contract does not know`);
  return { schema: named, maxBytes: Number.POSITIVE_INFINITY };
}

describe('the document for firmware builders', () => {
  test('has an example of every message that a device sends', () => {
    for (const kind of Object.keys(UP)) {
      expect(
        blocks.map(({ about }) => about),
        kind,
      ).toContain(upTopic('loa-7k3m9q2x', kind as keyof typeof UP));
    }
  });

  test.each(blocks.filter(({ language }) => language === 'json'))(
    'its example of $about is what the program accepts',
    ({ about, body }) => {
      const { schema, maxBytes } = schemaFor(about);
      const value: unknown = JSON.parse(body);
      expect(schema.parse(value), 'nothing in it is unknown to the contract').toEqual(value);
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(maxBytes);
    },
  );

  test.each(blocks.filter(({ language }) => language === 'jws'))(
    'its signed $about is made and checked byte for byte',
    async ({ about, body }) => {
      const [kind, aud] = about.split(' ') as [SignedKind, string];
      const publicKey = await importJWK({ kty: KEY.kty, crv: KEY.crv, x: KEY.x }, 'EdDSA');
      const privateKey = await importJWK(KEY, 'EdDSA');
      if (!(publicKey instanceof CryptoKey) || !(privateKey instanceof CryptoKey))
        throw new Error('not an asymmetric key');
      const verified = await verify(kind, body, publicKey, {
        audiences: new Set([aud]),
        now: 1_795_399_201_000,
      });
      if (!verified.ok) throw new Error(verified.reason);
      const kid = 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k';
      expect(await sign(kind, verified.body, verified.claims, { kid, privateKey })).toBe(body);
    },
  );

  test.each(blocks.filter(({ language }) => language === 'hex'))(
    'a live frame is laid out and signed as it says: $about',
    ({ about, body }) => {
      const broadcast = about.replace('live ', '');
      const parts = splitLiveMessage(Buffer.from(body, 'hex'));
      if (parts === null) throw new Error('it is no message');
      const key = createPublicKey({ key: { kty: KEY.kty, crv: KEY.crv, x: KEY.x }, format: 'jwk' });
      expect(checkSignature(null, liveSignedBytes(broadcast, parts.frame), key, parts.signature)).toBe(true);
      expect(checkSignature(null, liveSignedBytes('another', parts.frame), key, parts.signature)).toBe(false);
      const frame = decodeLiveFrame(parts.frame);
      if (frame === null) throw new Error('it is no frame');
      expect(frame).toMatchObject({ seq: 0, heardAt: 1_795_399_204_600, last: false });
      expect(Buffer.from(encodeLiveFrame(frame))).toEqual(Buffer.from(parts.frame));
    },
  );
});
