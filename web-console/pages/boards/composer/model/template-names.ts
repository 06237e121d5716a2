/** The templates, in the order in which they are offered. */
export const TEMPLATES = ['notice', 'event', 'warning', 'prices', 'duty', 'empty'] as const;
export type TemplateName = (typeof TEMPLATES)[number];
