import { fromTcvn3, isTcvn3Font } from './tcvn3.ts';
import { fromVni, isVniFont } from './vni.ts';

/** Letters of one look, as they stand in a document. */
export interface Piece {
  readonly text: string;
  readonly bold: boolean;
}

/** A paragraph of a document, before it is made fit for a board. */
export interface Block {
  readonly pieces: readonly Piece[];
  readonly bullet: boolean;
  readonly align: 'start' | 'center' | 'end';
}

/**
 * In Unicode, composed. Before there was Unicode the font said what the letters are.
 * @param font its name; null when it is not known.
 */
export function lettersOf(text: string, font: string | null): string {
  const name = (font ?? '').replace(/^[A-Z]{6}\+/, '');
  if (isTcvn3Font(name)) return fromTcvn3(text, name).normalize('NFC');
  if (isVniFont(name)) return fromVni(text);
  return text.normalize('NFC');
}
