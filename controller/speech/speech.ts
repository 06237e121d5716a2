export interface SpeechOptions {
  /** BCP 47, such as `vi` or `en-GB`. */
  readonly language: string;
  readonly wordsPerMinute: number;
  /** 0 to 1. */
  readonly onProgress?: (ratio: number) => void;
}

/** A voice that turns text into sound. The embedded engine is one; a better one takes its place behind this. */
export interface Speech {
  /** Whether there is a voice for a language (BCP 47). */
  speaks(language: string): Promise<boolean>;
  /**
   * Speaks a text into a WAV file, which appears at `file`.
   * @throws the signal's reason when cancelled; Error when the voice fails or there is none for the language.
   */
  speak(file: string, text: string, options: SpeechOptions, signal: AbortSignal): Promise<void>;
}
