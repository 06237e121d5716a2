/** What a state is told by beside its word: a form, and a colour. */
export type ShapeName = 'full' | 'half' | 'ring' | 'triangle' | 'cross' | 'question';
export type Tone = 'good' | 'warn' | 'bad' | 'quiet' | 'accent';
