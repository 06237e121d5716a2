import { HttpEngine } from './http-engine.ts';

/** As the interface of OpenAI names it, and the servers that imitate it. */
const PATH = 'v1/audio/speech';
const DEFAULT_MODEL = 'tts-1';
const DEFAULT_VOICE = 'alloy';
const INPUT_LIMIT_SPEED = { slowest: 0.25, fastest: 4 };

/** A server that speaks `POST /v1/audio/speech`. Its interface does not tell its voices. */
export const openAiEngine = (options: {
  readonly url: string;
  readonly model: string | null;
  readonly apiKey: string | null;
  readonly timeoutMs: number;
}): HttpEngine =>
  new HttpEngine({
    name: 'the speech server',
    timeoutMs: options.timeoutMs,
    request: (text, { voice, speed }) => ({
      url: new URL(PATH, withSlash(options.url)).href,
      headers: options.apiKey === null ? {} : { authorization: `Bearer ${options.apiKey}` },
      body: {
        model: options.model ?? DEFAULT_MODEL,
        voice: voice ?? DEFAULT_VOICE,
        input: text,
        speed: Math.min(INPUT_LIMIT_SPEED.fastest, Math.max(INPUT_LIMIT_SPEED.slowest, speed)),
        response_format: 'wav',
      },
    }),
    // Whether it answers at all: any answer will do.
    voices: async (signal) => {
      const response = await fetch(withSlash(options.url), { signal, redirect: 'manual' });
      await response.body?.cancel();
      return [];
    },
  });

export const withSlash = (url: string): string => (url.endsWith('/') ? url : `${url}/`);
