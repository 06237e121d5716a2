export interface SpeechOptions {
  /** BCP 47, such as `vi` or `en-GB`. */
  readonly language: string;
  /** As the engine names it; null: the engine's own choice for the language. */
  readonly voice: string | null;
  /** 1 is the voice's own pace. */
  readonly speed: number;
  /** 0 to 1. */
  readonly onProgress?: (ratio: number) => void;
}

export interface Voice {
  readonly id: string;
  readonly name: string;
  /** BCP 47; empty: whatever it is given. */
  readonly languages: readonly string[];
}

/** A voice that turns text into sound. The embedded engine is one; others take its place behind this. */
export interface Speech {
  /** Whether there is a voice for a language (BCP 47). */
  speaks(language: string): Promise<boolean>;
  voices(): Promise<readonly Voice[]>;
  /**
   * Speaks a text into a WAV file, which appears at `file`.
   * @throws the signal's reason when cancelled; Error when the voice fails or there is none for the language.
   */
  speak(file: string, text: string, options: SpeechOptions, signal: AbortSignal): Promise<void>;
}
