/**
 * TCVN 5712:1993 VN3, “ABC”: what fonts called `.VnTime`, `.VnArial` and so on show for the upper half of Latin-1. In
 * documents of offices it is still common. Capitals with marks have fonts of their own, whose names end in H.
 */
const LETTERS: Readonly<Record<number, string>> = {
  ...row(0xa1, 'ĂÂÊÔƠƯĐăâêôơưđ'),
  ...row(0xb5, 'àảãáạ'),
  ...row(0xbb, 'ằẳẵắ'),
  ...row(0xc6, 'ặầẩẫấậè'),
  ...row(0xce, 'ẻẽéẹềểễếệìỉ'),
  ...row(0xdc, 'ĩíịò'),
  ...row(0xe1, 'ỏõóọồổỗốộờởỡớợù'),
  ...row(0xf1, 'ủũúụừửữứựỳỷỹýỵ'),
};

function row(from: number, letters: string): Record<number, string> {
  return Object.fromEntries([...letters].map((letter, index) => [from + index, letter]));
}

/** In PDF the dot may be lost. */
export const isTcvn3Font = (font: string): boolean =>
  /^(\.Vn[A-Z]|Vn(Time|Arial|Avant)(H?[ ,-]|H?$))/.test(font);

export function fromTcvn3(text: string, font: string): string {
  const letters = [...text].map((character) => LETTERS[character.codePointAt(0) ?? 0] ?? character).join('');
  return /H$/.test(font.replace(/[ ,-].*$/, '')) ? letters.toLocaleUpperCase('vi') : letters;
}
