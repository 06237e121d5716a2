import { longOf, SHORT_PATTERN } from './abbreviations.ts';
import { dates } from './dates.ts';
import { documents } from './documents.ts';
import { figures } from './figures.ts';
import type { Reading, Rule } from './rule.ts';

interface Piece {
  readonly text: string;
  /** As it was written, when it was put in other words. */
  readonly from?: string;
}

const abbreviations: Rule = { pattern: SHORT_PATTERN, say: ([short = '']) => longOf(short) ?? null };

/** The order counts: a document's number holds figures and abbreviations, a date holds figures. */
const RULES: readonly Rule[] = [...documents, ...dates, ...figures, abbreviations];

/**
 * Reads a Vietnamese text as a newsreader would: numbers, dates, times, money, documents' numbers and abbreviations in
 * words. Each rule works on what no rule before it has touched.
 */
export function readVietnamese(text: string): Reading {
  let pieces: readonly Piece[] = [{ text }];
  for (const rule of RULES) pieces = pieces.flatMap((piece, at) => apply(rule, piece, pieces.slice(0, at)));
  return {
    spoken: pieces.map((piece) => piece.text).join(''),
    changes: pieces.flatMap(({ text: to, from }) => (from === undefined ? [] : [{ from, to }])),
  };
}

function* split(rule: Rule, text: string, before: string): Generator<Piece> {
  let at = 0;
  for (const match of text.matchAll(rule.pattern)) {
    const said = rule.say(
      match.map((group) => group ?? ''),
      before + text.slice(0, match.index),
    );
    if (said === null) continue;
    if (match.index > at) yield { text: text.slice(at, match.index) };
    yield { text: said, from: match[0] };
    at = match.index + match[0].length;
  }
  if (at < text.length) yield { text: text.slice(at) };
}

/** As much of the text before is enough to know what a figure is about. */
const CONTEXT = 40;

function apply(rule: Rule, piece: Piece, earlier: readonly Piece[]): readonly Piece[] {
  if (piece.from !== undefined) return [piece];
  const before = earlier
    .slice(-4)
    .map(({ text, from }) => from ?? text)
    .join('')
    .slice(-CONTEXT);
  return [...split(rule, piece.text, before)];
}
