import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Failure } from '../failure.ts';
import type { speechRoutes } from '../http/contract/speech.ts';
import type { Handlers } from '../http/handlers.ts';
import { assetView } from '../library/asset-view.ts';
import type { Library } from '../library/library.ts';
import type { ChosenSpeech } from './chosen.ts';
import type { Reading } from './reading/rule.ts';

export interface SpeechHandlerDeps {
  readonly speech: ChosenSpeech;
  readonly read: (text: string, language: string) => Reading;
  readonly library: Library;
}

/** People who listen before they save, at a time; each costs a processor for a second. */
const MOST_PREVIEWS = 2;

/** Texts that are to be heard. */
export function speechHandlers({ speech, read, library }: SpeechHandlerDeps): Handlers<typeof speechRoutes> {
  let previews = 0;
  return {
    'GET /speech/voices': async () => {
      const { voices, ...state } = await speech.state();
      return {
        ...state,
        voices: voices.map(({ languages, ...voice }) => ({ ...voice, languages: [...languages] })),
      };
    },
    'POST /speech/reading': async ({ body: { text, language } }) => {
      const { spoken, changes } = read(text, language);
      return { spoken, changes: [...changes] };
    },
    'POST /speech/preview': async ({ body: { text, ...options }, response }) => {
      if (previews >= MOST_PREVIEWS) {
        throw new Failure('preview-busy', 'Other texts are being read just now; try again in a moment.', {
          status: 429,
        });
      }
      previews += 1;
      const gone = new AbortController();
      // Of the answer: the request was read to its end long ago.
      response.once('close', () => gone.abort(new Error('the listener went away')));
      const directory = await mkdtemp(path.join(tmpdir(), 'loa-preview-'));
      try {
        if (!(await speech.speaks(options.language))) throw notSpoken(options.language);
        const file = path.join(directory, 'preview.wav');
        await speech.speak(file, text, options, gone.signal);
        await new Promise<void>((resolve, reject) => {
          response.sendFile(
            file,
            {
              headers: { 'Content-Type': 'audio/wav', 'Cache-Control': 'no-store' },
              cacheControl: false,
              dotfiles: 'allow',
            },
            (error) => (error === undefined || response.headersSent ? resolve() : reject(error)),
          );
        });
      } finally {
        previews -= 1;
        await rm(directory, { recursive: true, force: true });
      }
      return undefined;
    },
    'POST /speech': async ({ body: { title, ...wish }, caller }) => {
      const id = await library.speak(title, wish, caller.id);
      return assetView(library.asset(id), library.progress.of(id));
    },
  };
}

const notSpoken = (language: string): Failure =>
  new Failure(
    'language-not-spoken',
    `There is no voice for the language ${language}; choose another, such as vi or en.`,
    {
      status: 422,
      params: { language },
    },
  );
