/** How far a device comes with a message of an incident; the last is where nobody should be. */
export const STEPS = ['asked', 'ready', 'sounding', 'done', 'silent'] as const;
export type Step = (typeof STEPS)[number];
