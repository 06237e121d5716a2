/** What the thread is started for; one task, then it ends and its memory with it. */
export type SpeechTask =
  | { readonly kind: 'languages' }
  | {
      readonly kind: 'speak';
      readonly file: string;
      readonly stretches: readonly string[];
      readonly voice: string;
      readonly wordsPerMinute: number;
    };

export type Spoken =
  | { readonly kind: 'progress'; readonly ratio: number }
  | { readonly kind: 'languages'; readonly names: readonly string[] }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly reason: string };
