/** A text as it is to be spoken. */
export interface Reading {
  readonly spoken: string;
  /** What was put in other words, in the order of the text. */
  readonly changes: readonly { readonly from: string; readonly to: string }[];
}

/** One kind of thing that is not spoken as it is written. */
export interface Rule {
  readonly pattern: RegExp;
  /** What is said instead; null leaves it as it is. `before` is the text that comes before it. */
  say(match: readonly string[], before: string): string | null;
}
