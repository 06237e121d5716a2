/** What a file is by its first bytes; what it is called says nothing. */
export type Sniffed =
  | { readonly kind: 'image'; readonly format: 'jpeg' | 'png' | 'webp' | 'gif' | 'avif' }
  | { readonly kind: 'video' }
  /** A picture, but none that can be read here. */
  | { readonly kind: 'other-image'; readonly format: string }
  | { readonly kind: 'unknown' };

/** So many bytes are enough. */
export const HEAD_BYTES = 4_096;

const image = (format: Extract<Sniffed, { kind: 'image' }>['format']): Sniffed => ({ kind: 'image', format });
const other = (format: string): Sniffed => ({ kind: 'other-image', format });
const film: Sniffed = { kind: 'video' };

/** @param head the first {@link HEAD_BYTES} of the file, or all of it. */
export function sniff(head: Buffer): Sniffed {
  const latin = (from: number, to: number): string => head.toString('latin1', from, to);
  const hex = (bytes: number): string => head.toString('hex', 0, bytes);
  if (hex(3) === 'ffd8ff') return image('jpeg');
  if (hex(8) === '89504e470d0a1a0a') return image('png');
  if (/^GIF8[79]a/.test(latin(0, 6))) return image('gif');
  if (latin(0, 4) === 'RIFF' && latin(8, 12) === 'WEBP') return image('webp');
  if (latin(0, 4) === 'RIFF' && latin(8, 12) === 'AVI ') return film;
  if (latin(4, 8) === 'ftyp') return byBrand(head);
  // QuickTime files of old have no `ftyp`.
  if (['moov', 'mdat', 'wide', 'free', 'skip'].includes(latin(4, 8))) return film;
  if (hex(4) === '1a45dfa3') return film; // EBML: Matroska, WebM
  if (hex(16) === '3026b2758e66cf11a6d900aa0062ce6c') return film; // ASF: WMV
  if (latin(0, 4) === 'FLV\u0001') return film;
  if (hex(4) === '000001ba' || hex(4) === '000001b3') return film; // MPEG programme and video streams
  if (head.length > 376 && head[0] === 0x47 && head[188] === 0x47 && head[376] === 0x47) return film; // MPEG-TS
  if (latin(0, 4) === 'OggS' && /\x80theora|BBCD/.test(latin(0, 256))) return film;
  if (latin(0, 2) === 'BM') return other('BMP');
  if (['49492a00', '4d4d002a'].includes(hex(4))) return other('TIFF');
  if (latin(0, 4) === '8BPS') return other('PSD');
  if (latin(0, 5) === '%PDF-') return other('PDF');
  if (['ff0a', '0000000c'].includes(hex(hex(2) === 'ff0a' ? 2 : 4))) return other('JPEG XL');
  if (/^(\ufeff|ï»¿)?\s*<(\?xml|svg|!DOCTYPE svg)/i.test(latin(0, 512)) && /<svg/i.test(latin(0, 4_096))) {
    return other('SVG');
  }
  return { kind: 'unknown' };
}

/** The brands of ISO/IEC 14496-12 §4.3 (the major one, then the compatible ones). */
function byBrand(head: Buffer): Sniffed {
  const end = Math.min(head.readUInt32BE(0), head.length, 256);
  const brands = [head.toString('latin1', 8, 12)];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(head.toString('latin1', at, at + 4));
  const has = (...names: string[]): boolean => brands.some((brand) => names.includes(brand));
  if (has('avif', 'avis')) return image('avif');
  if (has('heic', 'heix', 'hevc', 'hevx', 'heim', 'heis', 'mif1', 'msf1')) return other('HEIC');
  if (has('crx ')) return other('CR3');
  return film;
}
