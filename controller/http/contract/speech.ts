import { z } from 'zod';
import { Id, Title } from './common.ts';
import { Asset } from './library.ts';
import type { Route } from './route.ts';

/** An engine's voice. */
export const Voice = z.object({ id: z.string(), name: z.string(), languages: z.array(z.string()) });
export type Voice = z.infer<typeof Voice>;

const Text = z.string().trim().min(1).max(20_000);
const Language = z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/);
/** 1 is the voice's own pace. */
const Speed = z.number().min(0.5).max(2).default(1);
const make = ['operator'] as const;

export const speechRoutes = {
  'GET /speech/voices': {
    summary: 'The engine that is chosen, whether it answers, and its voices',
    allow: [],
    response: z.object({
      engine: z.enum(['embedded', 'openai', 'piper']),
      reachable: z.boolean(),
      /** Why it is not reachable; the embedded engine is used meanwhile. */
      reason: z.string().nullable(),
      voices: z.array(Voice),
    }),
  },
  'POST /speech/reading': {
    summary: 'How a text will be read aloud: numbers, dates and abbreviations in words',
    allow: [],
    body: z.object({ text: Text, language: Language.default('vi') }),
    response: z.object({
      spoken: z.string(),
      /** What was put in other words, in the order of the text. */
      changes: z.array(z.object({ from: z.string(), to: z.string() })),
    }),
  },
  'POST /speech/preview': {
    summary: 'Speaks a text now, to listen to before saving; nothing is kept',
    allow: make,
    body: z.object({
      text: Text.max(2_000),
      language: Language.default('vi'),
      voice: z.string().max(100).nullable().default(null),
      speed: Speed,
    }),
    response: 'audio/wav',
  },
  'POST /speech': {
    summary:
      'Makes a sound file of a text; it is spoken and normalised in the background, before files that wait',
    allow: make,
    body: z.object({
      title: Title,
      text: Text,
      language: Language.default('vi'),
      voice: z.string().max(100).nullable().default(null),
      speed: Speed,
      /** Sounds before the words, in the same file. */
      chimeAssetId: Id.nullable().default(null),
    }),
    response: Asset,
    status: 202,
  },
} as const satisfies Record<string, Route>;
