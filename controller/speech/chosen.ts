import type { Logger } from 'pino';
import type { SpeechPolicy } from '../http/contract/policies.ts';
import { openAiEngine } from './openai.ts';
import { piperEngine } from './piper.ts';
import type { Reading } from './reading/rule.ts';
import type { Speech, SpeechOptions, Voice } from './speech.ts';

export interface ChosenSpeechDeps {
  readonly policy: () => SpeechPolicy;
  readonly apiKey: () => string | null;
  readonly embedded: Speech;
  /** Puts numbers, dates and abbreviations in words. */
  readonly read: (text: string, language: string) => Reading;
  readonly log: Logger;
}

/** The engine as it is chosen now, and how it is. */
export interface EngineState {
  readonly engine: SpeechPolicy['engine'];
  readonly reachable: boolean;
  readonly reason: string | null;
  readonly voices: readonly Voice[];
}

/**
 * The engine that the site chose. Where it does not answer in time, or not with sound, the embedded one speaks instead:
 * a plain voice is better than none.
 */
export class ChosenSpeech implements Speech {
  readonly #deps: ChosenSpeechDeps;

  constructor(deps: ChosenSpeechDeps) {
    this.#deps = deps;
  }

  async speaks(language: string): Promise<boolean> {
    return this.#other() !== null || this.#deps.embedded.speaks(language);
  }

  async voices(): Promise<readonly Voice[]> {
    return (await this.state()).voices;
  }

  async state(): Promise<EngineState> {
    const { engine } = this.#deps.policy();
    const other = this.#other();
    if (other === null) {
      return {
        engine,
        reachable: engine === 'embedded',
        reason: engine === 'embedded' ? null : 'no-address',
        voices: await this.#deps.embedded.voices(),
      };
    }
    try {
      return { engine, reachable: true, reason: null, voices: await other.voices() };
    } catch (error) {
      return { engine, reachable: false, reason: reasonOf(error), voices: [] };
    }
  }

  async speak(file: string, text: string, options: SpeechOptions, signal: AbortSignal): Promise<void> {
    const { embedded, log, policy } = this.#deps;
    const { spoken } = this.#deps.read(text, options.language);
    const { voice } = policy();
    const other = this.#other();
    if (other !== null) {
      try {
        return await other.speak(file, spoken, { ...options, voice: options.voice ?? voice }, signal);
      } catch (error) {
        signal.throwIfAborted();
        log.warn({ err: error }, 'the chosen voice failed; the embedded one speaks instead');
      }
    }
    // A voice of another engine means nothing to this one.
    const own = other === null ? (options.voice ?? voice) : null;
    return embedded.speak(file, spoken, { ...options, voice: own }, signal);
  }

  #other(): Speech | null {
    const { engine, url, model, timeoutMs } = this.#deps.policy();
    if (engine === 'embedded' || url === null) return null;
    return engine === 'piper'
      ? piperEngine({ url, timeoutMs })
      : openAiEngine({ url, model, timeoutMs, apiKey: this.#deps.apiKey() });
  }
}

const reasonOf = (error: unknown): string => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message.slice(0, 200) : String(cause);
};
