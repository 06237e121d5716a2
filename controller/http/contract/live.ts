import { z } from 'zod';
import { ResumePolicy } from '#devices/plan';
import { Percent } from '#devices/primitives';
import { ById, Id, Time, Title } from './common.ts';
import type { Route } from './route.ts';
import { Target } from './schedules.ts';

/**
 * Live sound from a microphone. `POST /live` puts a broadcast of class `live` on the air (its id is the session's); the
 * microphone then speaks over the WebSocket {@link MICROPHONE_PATH}.
 */
export const LiveState = z.enum(['waiting', 'on-air', 'ending', 'ended']);
export type LiveState = z.infer<typeof LiveState>;

/** Why a session ended. `lease-over`: nothing came from the microphone for five seconds. */
export const LiveEnd = z.enum(['by-operator', 'lease-over', 'stopped', 'too-long', 'controller-stopped']);
export type LiveEnd = z.infer<typeof LiveEnd>;

export const LiveSession = z.object({
  id: Id,
  title: z.string(),
  state: LiveState,
  end: LiveEnd.nullable(),
  targets: z.array(Target.extend({ name: z.string() })),
  createdAt: Time,
  createdBy: z.string().nullable(),
  /** When the first word is or was heard, and the last. */
  onAirAt: Time.nullable(),
  endedAt: Time.nullable(),
  /** From the microphone's frame to the ear, as set now, ms. */
  leadMs: z.number(),
  /** Devices that are connected to the sound, of those that were asked. */
  listening: z.number().int(),
  asked: z.number().int(),
  /** In the last seconds, of all frames to all devices, 0 to 1. */
  lateShare: z.number(),
  /** What was said, kept in the library; null while it is being said, or when nothing was. */
  recordingAssetId: Id.nullable(),
});
export type LiveSession = z.infer<typeof LiveSession>;

/** `WS /microphone/v1/{session}` with the session cookie. First text message: {@link MicrophoneHello}. */
export const MICROPHONE_PATH = '/microphone/v1';

/**
 * What the microphone says first. Then every binary message is one Opus packet (`opus`: 48 kHz, one channel, 10 or 20
 * ms), or some little-endian 16-bit samples (`pcm`, one channel at `sampleRate`), for browsers without an encoder. The
 * text message `{"type":"end"}` ends it; `{"type":"muted","muted":true}` tells of a pause, in which silence is sent.
 */
export const MicrophoneHello = z.object({
  v: z.literal(1),
  type: z.literal('hello'),
  codec: z.enum(['opus', 'pcm']),
  sampleRate: z.number().int().min(8_000).max(96_000),
  /** Length of a packet of `opus`, ms. */
  frameMs: z.number().min(2.5).max(60).default(20),
});
export type MicrophoneHello = z.infer<typeof MicrophoneHello>;
export const MicrophoneWord = z.discriminatedUnion('type', [
  z.object({ type: z.literal('end') }),
  z.object({ type: z.literal('muted'), muted: z.boolean() }),
]);
/** What comes back as JSON text: at once, on every change, and every second. */
export const MicrophoneState = z.object({
  type: z.literal('state'),
  session: LiveSession,
  /** Milliseconds until the chime is over and the first word is heard; 0 when on air. */
  onAirInMs: z.number(),
});
export type MicrophoneState = z.infer<typeof MicrophoneState>;

const speak = ['operator'] as const;
export const liveRoutes = {
  'GET /live': { summary: 'Live sessions under way', allow: [], response: z.array(LiveSession) },
  'GET /live/{id}': { summary: 'One live session', allow: [], params: ById, response: LiveSession },
  'POST /live': {
    summary:
      'Opens a live session: devices get ready and sound the chime; the microphone follows by WebSocket',
    allow: speak,
    body: z.object({
      title: Title.nullable().default(null),
      targets: z.array(Target).min(1).max(200),
      resume: ResumePolicy.default('skip'),
      volume: Percent.nullable().default(null),
      startChime: z.boolean().default(true),
      endChime: z.boolean().default(true),
    }),
    response: LiveSession,
    status: 201,
  },
  'POST /live/{id}/end': {
    summary: 'Ends a live session, with its end chime',
    allow: speak,
    params: ById,
    response: LiveSession,
  },
} as const satisfies Record<string, Route>;
