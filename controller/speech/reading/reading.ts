import type { Reading } from './rule.ts';
import { readVietnamese } from './vietnamese.ts';

/** Puts into words what is not written as it is spoken. Languages without rules of ours are left to the engine. */
export const readAloud = (text: string, language: string): Reading =>
  language.toLowerCase().split('-', 1)[0] === 'vi'
    ? readVietnamese(text.normalize('NFC'))
    : { spoken: text, changes: [] };
