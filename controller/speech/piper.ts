import { z } from 'zod';
import { HttpEngine } from './http-engine.ts';
import { withSlash } from './openai.ts';

/** `GET /voices` of Piper's HTTP server: a table by the voice's name, of which only the language counts here. */
const Voices = z.record(
  z.string(),
  z.object({ language: z.object({ code: z.string(), name_native: z.string().optional() }).optional() }),
);

/** Piper's own HTTP server: `POST /` with the text and how long each sound lasts, a WAV file back. */
export const piperEngine = (options: { readonly url: string; readonly timeoutMs: number }): HttpEngine =>
  new HttpEngine({
    name: 'the Piper server',
    timeoutMs: options.timeoutMs,
    request: (text, { voice, speed }) => ({
      url: withSlash(options.url),
      body: { text, length_scale: 1 / speed, ...(voice === null ? {} : { voice }) },
    }),
    voices: async (signal) => {
      const response = await fetch(new URL('voices', withSlash(options.url)), { signal, redirect: 'error' });
      if (!response.ok) {
        await response.body?.cancel();
        // Older ones have one voice, and no such list.
        if (response.status === 404 || response.status === 405) return [];
        throw new Error(`the Piper server answered ${response.status}`);
      }
      const voices = Voices.parse(await response.json());
      return Object.entries(voices).map(([id, { language }]) => ({
        id,
        name: language?.name_native === undefined ? id : `${id} (${language.name_native})`,
        languages: language === undefined ? [] : [language.code.replace('_', '-')],
      }));
    },
  });
