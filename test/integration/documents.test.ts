import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { PDFDocument } from 'pdf-lib';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Documents } from '#controller/documents/documents';
import { launchBrowser } from '../support/browser.ts';
import { docxOf, font, paragraph, run, zipOf } from '../support/documents.ts';
import { drawn, redBlue } from '../support/pictures.ts';

// A machine that runs all tests at once needs its time to start a thread.
const documents = new Documents({ readMs: 120_000 });
const textOf = (file: Uint8Array, filename = 'Thông báo.docx') =>
  documents.textOf(Readable.from([Buffer.from(file)]), { filename, expectedBytes: file.length });
type Text = Awaited<ReturnType<typeof textOf>>;
const lines = ({ paragraphs }: Text): string[] =>
  paragraphs.map(({ runs, bullet }) => (bullet === true ? '• ' : '') + runs.map(({ text }) => text).join(''));
const code = async (file: Uint8Array): Promise<string> =>
  textOf(file).then(
    (text) => `taken: ${lines(text)}`,
    (error: { code: string }) => error.code,
  );

describe('a Word document', () => {
  test('keeps its words, its bold and its points; changes that were struck, notes and empty lines are left out', async () => {
    const body = [
      paragraph(run('THÔNG BÁO', '<w:b/>'), '<w:jc w:val="center"/>'),
      paragraph(''),
      paragraph(
        run('Về việc ') + run('cắt điện', '<w:b/>') + run(' ngày 24/11/2026, từ ') + run('7 giờ', '<w:b/>'),
      ),
      paragraph(
        run('Thời gian: ') +
          '<w:del w:id="1" w:author="a"><w:r><w:delText>sáng mai</w:delText></w:r></w:del>' +
          `<w:ins w:id="2" w:author="a">${run('chiều nay')}</w:ins>`,
      ),
      paragraph(run('Tổ dân phố số 3'), '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'),
      paragraph(run('Tổ dân phố số 5'), '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'),
      paragraph(run('Chuẩn bị đèn'), '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="2"/></w:numPr>'),
      paragraph(run('Tắt cầu dao'), '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="2"/></w:numPr>'),
      paragraph(
        `${run('- Điện thoại: 0229 ........................ ')}<w:r><w:footnoteReference w:id="1"/></w:r>`,
      ),
    ].join('');
    const level = (id: number, format: string): string =>
      `<w:abstractNum w:abstractNumId="${id}"><w:lvl w:ilvl="0"><w:numFmt w:val="${format}"/></w:lvl></w:abstractNum>`;
    const numbering = `${level(0, 'bullet')}${level(1, 'decimal')}<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>`;
    const header = '<w:hdr xmlns:w="x"><w:p><w:r><w:t>Công văn đi</w:t></w:r></w:p></w:hdr>';
    const text = await textOf(
      zipOf(docxOf(body, { numbering, title: 'Lịch cắt điện', more: { 'word/header1.xml': header } })),
    );
    expect(text.title).toBe('Lịch cắt điện');
    expect(lines(text)).toEqual([
      'THÔNG BÁO',
      'Về việc cắt điện ngày 24/11/2026, từ 7 giờ',
      'Thời gian: chiều nay',
      '• Tổ dân phố số 3',
      '• Tổ dân phố số 5',
      '1. Chuẩn bị đèn',
      '2. Tắt cầu dao',
      '• Điện thoại: 0229 …',
    ]);
    expect(text.paragraphs[0]).toEqual({ runs: [{ text: 'THÔNG BÁO', bold: true }], align: 'center' });
    expect(text.paragraphs[1]?.runs.map(({ bold }) => bold === true)).toEqual([false, true, false, true]);
    expect([...text.left].sort()).toEqual(['deleted', 'footnotes', 'headers']);
  });

  test('of the time before Unicode is read: TCVN3 and VNI fonts, their capitals, and fonts that only a style names', async () => {
    const styles =
      '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:rPr><w:rFonts w:ascii=".VnTime"/></w:rPr></w:style>' +
      '<w:style w:type="paragraph" w:styleId="Hoa"><w:basedOn w:val="Normal"/><w:rPr><w:rFonts w:ascii=".VnTimeH"/><w:b/></w:rPr></w:style>';
    const body = [
      paragraph(run('ñy ban nh©n d©n ph\u00adêng phï v©n'), '<w:pStyle w:val="Hoa"/>'),
      paragraph(run('Céng hßa x· héi chñ nghÜa ViÖt Nam')),
      paragraph(run('§éc lËp - Tù do - H¹nh phóc', font('.VnArial'))),
      paragraph(run('Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam', font('VNI-Times'))),
      paragraph(run('Ñoäc laäp - Töï do - Haïnh phuùc, THOÂNG BAÙO, ÑÖÔØNG LAÙNG', font('VNI-Helve'))),
      paragraph(run('Tie\u0302\u0301ng Vie\u0323\u0302t', font('Times New Roman'))),
    ].join('');
    const text = await textOf(zipOf(docxOf(body, { styles })));
    expect(lines(text)).toEqual([
      'ỦY BAN NHÂN DÂN PHƯỜNG PHÙ VÂN',
      'Cộng hòa xã hội chủ nghĩa Việt Nam',
      'Độc lập - Tự do - Hạnh phúc',
      'Cộng hòa xã hội chủ nghĩa Việt Nam',
      'Độc lập - Tự do - Hạnh phúc, THÔNG BÁO, ĐƯỜNG LÁNG',
      'Tiếng Việt',
    ]);
    for (const line of lines(text)) expect(line).toBe(line.normalize('NFC'));
    expect(text.paragraphs[0]?.runs[0]?.bold).toBe(true);
    expect(text.title).toBe('Thông báo');
  });

  test('reads a table row by row, and the two halves of an official head one after the other', async () => {
    const cell = (...paragraphs: string[]): string =>
      `<w:tc>${paragraphs.map((text) => paragraph(run(text))).join('')}</w:tc>`;
    const head = `<w:tbl><w:tr>${cell('UBND PHƯỜNG', 'Số: 12/TB')}${cell('CỘNG HÒA', 'Độc lập')}</w:tr></w:tbl>`;
    const rows = [
      ['Mặt hàng', 'Giá'],
      ['Gạo tẻ', '18.000 đ'],
      ['Thịt lợn', '120.000 đ'],
    ];
    const table = `<w:tbl>${rows.map((row) => `<w:tr>${row.map((text) => cell(text)).join('')}</w:tr>`).join('')}</w:tbl>`;
    const text = await textOf(zipOf(docxOf(head + table)));
    expect(lines(text)).toEqual([
      ...['UBND PHƯỜNG', 'Số: 12/TB', 'CỘNG HÒA', 'Độc lập'],
      ...['Mặt hàng – Giá', 'Gạo tẻ – 18.000 đ', 'Thịt lợn – 120.000 đ'],
    ]);
    expect(text.left).toEqual(['tables']);
  });

  test('that is a bomb, a lie, damaged, locked, old or something else is refused with the reason', async () => {
    const document = docxOf(paragraph(run('Chào')));
    const large = { ...document, 'word/media/a.xml': ' '.repeat(60_000_000) };
    const old = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]);
    const { 'word/document.xml': _, ...gutted } = document;
    const wanted: [string, Uint8Array][] = [
      ['document-bomb', zipOf(large)],
      [
        'document-bomb',
        zipOf({ ...document, 'word/document.xml': ' '.repeat(2_000_000) }, { 'word/document.xml': 900 }),
      ],
      ['document-bomb', zipOf(document, { 'docProps/core.xml': 2_000_000_000 })],
      ['document-broken', zipOf(document).subarray(0, -30)],
      ['document-broken', zipOf(docxOf('<w:p><w:r></w:p>'))],
      ['document-without-text', zipOf(docxOf(paragraph(run(' '))))],
      ['document-encrypted', Buffer.concat([old, Buffer.from('EncryptedPackage', 'utf16le')])],
      ['document-old', old],
      ['document-other', Buffer.from('{\\rtf1 Chào}')],
      ['document-other', zipOf({ 'xl/workbook.xml': '<a/>' })],
      ['document-unknown', zipOf(gutted)],
      ['document-unknown', Buffer.from('Chào')],
      ['document-empty', Buffer.alloc(0)],
      ['document-too-large', Buffer.alloc(20_000_001, 'x')],
    ];
    for (const [reason, file] of wanted) expect(await code(file), reason).toBe(reason);
  });

  test('is refused while too many are on their way: each is held in memory', async () => {
    const few = new Documents({ waiting: 1 });
    const slow = Array.from({ length: 2 }, () => new PassThrough());
    const asked = slow.map((stream) => few.textOf(stream, { filename: 'a.docx', expectedBytes: undefined }));
    const third = few.textOf(Readable.from(['x']), { filename: 'b.docx', expectedBytes: undefined });
    await expect(third).rejects.toMatchObject({ code: 'queue-full', status: 503 });
    for (const stream of slow) stream.end();
    for (const each of asked) await expect(each).rejects.toMatchObject({ code: 'document-empty' });
    const next = few.textOf(Readable.from([]), { filename: 'c.docx', expectedBytes: undefined });
    await expect(next, 'there is room again').rejects.toMatchObject({ code: 'document-empty' });
  });

  test('that takes too long is given up', async () => {
    const hasty = new Documents({ readMs: 1 });
    const file = zipOf(docxOf(paragraph(run('Chào'))));
    await expect(
      hasty.textOf(Readable.from([file]), { filename: 'a.docx', expectedBytes: undefined }),
    ).rejects.toMatchObject({ code: 'document-too-slow' });
  });
});

describe('a PDF', () => {
  let browser: Browser;
  let face: string;
  beforeAll(async () => {
    browser = await launchBrowser();
    const directory = path.dirname(
      createRequire(import.meta.url).resolve('@fontsource/be-vietnam-pro/package.json'),
    );
    const faces = await Promise.all(
      ['latin', 'vietnamese'].flatMap((subset) =>
        [400, 700].map(async (weight) => {
          const bytes = await readFile(
            path.join(directory, 'files', `be-vietnam-pro-${subset}-${weight}-normal.woff2`),
          );
          const range =
            subset === 'latin'
              ? ''
              : 'unicode-range: U+0102-0103,U+0110-0111,U+0128-0129,U+0168-0169,U+01A0-01A1,U+01AF-01B0,U+1EA0-1EF9;';
          return `@font-face{font-family:B;font-weight:${weight};${range}src:url(data:font/woff2;base64,${bytes.toString('base64')})}`;
        }),
      ),
    );
    face = `<style>${faces.join('')} body{font:13pt/1.4 B} h1{font-size:16pt;text-align:center} p{margin:0 0 9pt;text-align:justify;text-indent:10mm}</style>`;
  });
  afterAll(() => browser.close());

  const printed = async (html: string, header = ''): Promise<Buffer> => {
    const page = await browser.newPage();
    await page.setContent(`<!doctype html><html lang="vi"><meta charset="utf-8">${face}<body>${html}`);
    await page.evaluate(() => document.fonts.ready);
    const options = {
      displayHeaderFooter: header !== '',
      headerTemplate: `<div style="font-size:9px;width:100%;text-align:center">${header}</div>`,
      footerTemplate:
        '<div style="font-size:9px;width:100%;text-align:center"><span class="pageNumber"></span></div>',
    };
    const pdf = await page.pdf({
      format: 'A4',
      margin: { top: '25mm', bottom: '25mm', left: '30mm', right: '20mm' },
      ...options,
    });
    await page.close();
    return pdf;
  };

  test('printed by an office: paragraphs are whole again, over the end of the page too, without its header and numbers', async () => {
    const sentence =
      'Ủy ban nhân dân phường Phù Vân thông báo đến toàn thể nhân dân về việc tạm ngừng cung cấp điện để sửa chữa đường dây, đề nghị các hộ gia đình chủ động phương tiện chiếu sáng và bảo đảm an toàn. ';
    const long = sentence.repeat(4).trim();
    const html = `<h1>THÔNG BÁO</h1><p>${long}</p><p><b>Thời gian:</b> từ 7 giờ ngày 24/11/2026.</p>${`<p>${long}</p>`.repeat(5)}<p>- Tổ dân phố số 3</p><p>- Tổ dân phố số 5</p><p style="text-indent:0">Trân trọng!</p>`;
    const text = await textOf(await printed(html, 'UBND phường Phù Vân – Công văn số 12'), 'thong_bao.pdf');
    expect(lines(text)).toEqual([
      'THÔNG BÁO',
      long,
      'Thời gian: từ 7 giờ ngày 24/11/2026.',
      ...Array<string>(5).fill(long),
      '• Tổ dân phố số 3',
      '• Tổ dân phố số 5',
      'Trân trọng!',
    ]);
    expect(text.paragraphs[0]).toMatchObject({ align: 'center', runs: [{ bold: true }] });
    expect(text.paragraphs[2]?.runs[0]).toEqual({ text: 'Thời gian: ', bold: true });
    expect([...text.left].sort()).toEqual(['headers', 'page-numbers']);
  });

  test('words that were parted at the end of a line are one word', async () => {
    const html =
      '<div style="font:13pt/1.4 B;width:60mm;hyphens:manual">Chương trình truyền thanh inter&shy;national communi&shy;cation của phường</div>';
    expect(lines(await textOf(await printed(html)))).toEqual([
      'Chương trình truyền thanh international communication của phường',
    ]);
  });

  test('that was scanned, is locked or damaged is refused with the reason', async () => {
    const scan = await PDFDocument.create();
    const picture = await scan.embedPng(await drawn(200, 280, 'png', redBlue));
    scan.addPage([595, 842]).drawImage(picture, { x: 0, y: 0, width: 595, height: 842 });
    const blank = await PDFDocument.create();
    blank.addPage([595, 842]);
    const objects = [
      '<</Type/Catalog/Pages 2 0 R>>',
      '<</Type/Pages/Kids[3 0 R]/Count 1>>',
      '<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>',
      `<</Filter/Standard/V 1/R 2/P -4/O<${'41'.repeat(32)}>/U<${'42'.repeat(32)}>>>`,
    ];
    const locked = `%PDF-1.4\n${objects.map((object, index) => `${index + 1} 0 obj${object}endobj\n`).join('')}trailer<</Root 1 0 R/Encrypt 4 0 R/ID[<41><41>]/Size 5>>\n%%EOF`;
    expect(await code(await scan.save())).toBe('document-scanned');
    expect(await code(await blank.save())).toBe('document-without-text');
    expect(await code(Buffer.from(locked))).toBe('document-encrypted');
    expect(await code(Buffer.from('%PDF-1.7\nkhông phải'))).toBe('document-broken');
  });
});
