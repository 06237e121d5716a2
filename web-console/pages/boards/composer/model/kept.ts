import type { Composition } from './composition.ts';

/** What was composed and not yet saved, as it lies in this browser. */
export interface Kept {
  readonly composition: Composition;
  /** Epoch ms. */
  readonly at: number;
  /** When the programme had been changed last, as it was begun from; null for a new one. */
  readonly base: number | null;
}

const keyOf = (programme: string | null) => `loa.compose.${programme ?? 'new'}`;

const isKept = (value: unknown): value is Kept =>
  typeof value === 'object' &&
  value !== null &&
  'at' in value &&
  typeof value.at === 'number' &&
  'composition' in value &&
  typeof value.composition === 'object' &&
  value.composition !== null &&
  'pages' in value.composition &&
  Array.isArray(value.composition.pages) &&
  'grid' in value.composition &&
  'format' in value.composition;

/** It outlives a lost link, a flat battery and a browser that was closed. */
export function kept(programme: string | null): Kept | null {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(keyOf(programme)) ?? 'null');
    return isKept(value) ? value : null;
  } catch {
    return null; // An older console wrote it differently: it is forgotten.
  }
}

/** @returns whether this browser had room for it. */
export function keep(programme: string | null, value: Kept): boolean {
  try {
    localStorage.setItem(keyOf(programme), JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

export const forget = (programme: string | null): void => localStorage.removeItem(keyOf(programme));
