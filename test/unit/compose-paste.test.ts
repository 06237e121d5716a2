import { describe, expect, test } from 'vitest';
import { paragraphsOfHtml } from '../../web-console/pages/boards/composer/paste/clean.ts';
import { paragraphsOfText } from '../../web-console/pages/boards/composer/paste/plain.ts';
import { htmlOf } from '../../web-console/pages/boards/composer/paste/write.ts';

const words = (html: string) =>
  paragraphsOfHtml(html).map(
    ({ runs, bullet }) => (bullet ? '• ' : '') + runs.map(({ text }) => text).join('|'),
  );

describe('what is pasted into a board becomes text without junk', () => {
  test('Word: its style sheet, comments, sizes and list marks go, its bold and its list stay', () => {
    const word = `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>
      <!-- p.MsoNormal {font-size:13pt} --></style><xml><w:View>Normal</w:View></xml></head><body lang=VI>
      <!--StartFragment--><p class=MsoNormal align=center style='text-align:center'><b><span style='font-size:14.0pt;
      font-family:"Times New Roman";color:black'>THÔNG BÁO<o:p></o:p></span></b></p>
      <p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span
      style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;</span></span></span><![endif]>Mang theo
      căn cước</p><p class=MsoNormal>&nbsp;</p><!--EndFragment--></body></html>`;
    expect(paragraphsOfHtml(word)).toEqual([
      { runs: [{ text: 'THÔNG BÁO', bold: true }], align: 'center' },
      { runs: [{ text: 'Mang theo căn cước' }], bullet: true },
    ]);
  });

  test('a web page: lists, line ends and cells are kept apart, scripts and links are not read', () => {
    const page = `<h2>Lịch cắt điện</h2><script>alert("<p>không</p>")</script><ul><li><p>Tổ 1:&nbsp;<a href="x">8 giờ</a></p></li>
      <li>Tổ 2</li></ul><div>Dòng một<br>dòng hai</div><table><tr><td>Gạo</td><td>18.000</td></tr></table>`;
    expect(words(page)).toEqual([
      'Lịch cắt điện',
      '• Tổ 1: 8 giờ',
      '• Tổ 2',
      'Dòng một',
      'dòng hai',
      'Gạo 18.000',
    ]);
  });

  test('only colours of the palette are taken over; letters come composed, without what nobody sees', () => {
    const html =
      '<p><span style="color: rgb(255, 90, 79)">đỏ</span> <span style="color:#123456">lạ</span></p><p>Tho\u0302ng ba\u0301o\u200b</p>';
    expect(paragraphsOfHtml(html, new Set(['#ff5a4f']))).toEqual([
      { runs: [{ text: 'đỏ', colour: '#ff5a4f' }, { text: ' lạ' }] },
      { runs: [{ text: 'Thông báo' }] },
    ]);
  });

  test('a PDF: lines that ended with the paper go on, bullets of any make are bullets', () => {
    const text = `THÔNG BÁO
Uỷ ban nhân dân phường tổ chức tiêm phòng dại cho chó, mèo tại nhà văn hoá các tổ
dân phố vào sáng thứ tư tuần này.
- Mang theo sổ tiêm
\uf0b7 Đeo rọ mõm cho chó
• Đến đúng giờ`;
    expect(paragraphsOfText(text).map(({ runs, bullet }) => [runs[0]?.text, bullet ?? false])).toEqual([
      ['THÔNG BÁO', false],
      [
        'Uỷ ban nhân dân phường tổ chức tiêm phòng dại cho chó, mèo tại nhà văn hoá các tổ dân phố vào sáng thứ tư tuần này.',
        false,
      ],
      ['Mang theo sổ tiêm', true],
      ['Đeo rọ mõm cho chó', true],
      ['Đến đúng giờ', true],
    ]);
  });

  test('what the editor wrote it reads back as it was', () => {
    const paragraphs = [
      {
        runs: [{ text: 'Giá < 5 & ' }, { text: 'hơn', bold: true as const, colour: '#ff5a4f' }],
        align: 'center' as const,
      },
      { runs: [{ text: 'một' }], bullet: true as const },
      { runs: [{ text: 'hai' }], bullet: true as const },
      { runs: [{ text: 'cuối' }], align: 'end' as const },
    ];
    expect(paragraphsOfHtml(htmlOf(paragraphs), new Set(['#ff5a4f']))).toEqual(paragraphs);
  });
});
