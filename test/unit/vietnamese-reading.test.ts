import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readInteger, romanValue } from '#controller/speech/reading/numbers';
import { readAloud } from '#controller/speech/reading/reading';

const spoken = (text: string): string => readAloud(text, 'vi').spoken;

describe('a listener hears numbers as a newsreader says them', () => {
  test.each([
    ['0', 'không'],
    ['10', 'mười'],
    ['11', 'mười một'],
    ['15', 'mười lăm'],
    ['20', 'hai mươi'],
    ['21', 'hai mươi mốt'],
    ['24', 'hai mươi bốn'],
    ['55', 'năm mươi lăm'],
    ['100', 'một trăm'],
    ['101', 'một trăm linh một'],
    ['105', 'một trăm linh năm'],
    ['110', 'một trăm mười'],
    ['115', 'một trăm mười lăm'],
    ['999', 'chín trăm chín mươi chín'],
    ['1000', 'một nghìn'],
    ['1005', 'một nghìn không trăm linh năm'],
    ['1050', 'một nghìn không trăm năm mươi'],
    ['2026', 'hai nghìn không trăm hai mươi sáu'],
    ['10000', 'mười nghìn'],
    ['1500000', 'một triệu năm trăm nghìn'],
    ['1000001', 'một triệu không trăm linh một'],
    ['1000000000', 'một tỷ'],
    ['2500000000', 'hai tỷ năm trăm triệu'],
    ['1000000005', 'một tỷ không trăm linh năm'],
    ['007', 'bảy'],
  ])('%s', (digits, words) => expect(readInteger(digits)).toBe(words));

  test('any number is words only, and no two numbers sound the same', () => {
    fc.assert(
      fc.property(fc.nat(999_999_999), fc.nat(999_999_999), (one, other) => {
        const [a, b] = [readInteger(String(one)), readInteger(String(other))];
        return !/\d|\s\s|^\s|\s$/.test(a) && (one === other) === (a === b);
      }),
    );
  });

  test('Roman numerals are numbers only where they are written as such', () => {
    expect(['XIV', 'XXI', 'IV', 'IX', 'XL', 'IIII', 'VX', ''].map(romanValue)).toEqual([
      14,
      21,
      4,
      9,
      40,
      null,
      null,
      null,
    ]);
  });
});

describe('a notice is read as a Vietnamese reader would read it', () => {
  test.each([
    // Offices and documents.
    ['UBND phường Phù Vân', 'Ủy ban nhân dân phường Phù Vân'],
    ['HĐND và UBND', 'Hội đồng nhân dân và Ủy ban nhân dân'],
    [
      'Nghị định 49/2024/NĐ-CP',
      'Nghị định số bốn mươi chín năm hai nghìn không trăm hai mươi bốn của Chính phủ',
    ],
    [
      'Nghị định số 49/2024/NĐ-CP',
      'Nghị định số bốn mươi chín năm hai nghìn không trăm hai mươi bốn của Chính phủ',
    ],
    [
      'Căn cứ 331/2026/NĐ-CP',
      'Căn cứ Nghị định số ba trăm ba mươi mốt năm hai nghìn không trăm hai mươi sáu của Chính phủ',
    ],
    ['Kế hoạch số 75/KH-UBND', 'Kế hoạch số bảy mươi lăm của Ủy ban nhân dân'],
    ['theo QĐ-UBND', 'theo Quyết định của Ủy ban nhân dân'],
    ['QĐ số 12', 'Quyết định số mười hai'],
    ['Quyết định 05/QĐ-TTg', 'Quyết định số năm của Thủ tướng Chính phủ'],
    ['Nghị quyết 57-NQ/TW', 'Nghị quyết năm mươi bảy-NQ/Trung ương'],
    [
      '39/2020/TT-BTTTT',
      'Thông tư số ba mươi chín năm hai nghìn không trăm hai mươi của Bộ Thông tin và Truyền thông',
    ],
    // Dates and times.
    ['24/11/2026', 'ngày hai mươi bốn tháng mười một năm hai nghìn không trăm hai mươi sáu'],
    ['ngày 24/11/2026', 'ngày hai mươi bốn tháng mười một năm hai nghìn không trăm hai mươi sáu'],
    ['ngày 02/9', 'ngày mùng hai tháng chín'],
    ['mùng 2/9', 'mùng hai tháng chín'],
    ['sáng 30/4', 'sáng ngày ba mươi tháng tư'],
    ['từ 1/12 đến 5/12', 'từ ngày mùng một tháng mười hai đến ngày mùng năm tháng mười hai'],
    ['tháng 11/2026', 'tháng mười một năm hai nghìn không trăm hai mươi sáu'],
    ['31/02/2026', 'ba mươi mốt/không hai/hai nghìn không trăm hai mươi sáu'],
    ['lúc 19h30', 'lúc mười chín giờ ba mươi phút'],
    ['lúc 7h', 'lúc bảy giờ'],
    ['7g05', 'bảy giờ năm phút'],
    ['06:00', 'sáu giờ'],
    ['19:45', 'mười chín giờ bốn mươi lăm phút'],
    ['từ 7h30 - 11h', 'từ bảy giờ ba mươi phút - mười một giờ'],
    ['giai đoạn 2025–2030', 'giai đoạn hai nghìn không trăm hai mươi lăm đến hai nghìn không trăm ba mươi'],
    // Money and measures.
    ['1.500.000 đ', 'một triệu năm trăm nghìn đồng'],
    ['1.500.000đ', 'một triệu năm trăm nghìn đồng'],
    ['500.000 đồng/hộ', 'năm trăm nghìn đồng/hộ'],
    ['3,5%', 'ba phẩy năm phần trăm'],
    ['100 %', 'một trăm phần trăm'],
    ['nhiệt độ 20-25°C', 'nhiệt độ hai mươi đến hai mươi lăm độ xê'],
    ['-2 °C', 'âm hai độ xê'],
    ['lượng mưa 150mm', 'lượng mưa một trăm năm mươi mi li mét'],
    ['gió cấp 8-9, giật cấp 11', 'gió cấp tám đến chín, giật cấp mười một'],
    ['90 km/h', 'chín mươi ki lô mét một giờ'],
    ['12 m2', 'mười hai mét vuông'],
    ['5 ha', 'năm héc ta'],
    ['0,75', 'không phẩy bảy mươi lăm'],
    ['3,05', 'ba phẩy không năm'],
    ['đã phát 3/4 bản tin', 'đã phát ba phần tư bản tin'],
    ['13/20 cụm', 'mười ba trên hai mươi cụm'],
    // Telephones.
    ['SĐT 0912 345 678', 'số điện thoại không chín một hai, ba bốn năm, sáu bảy tám'],
    ['gọi 114', 'gọi một một bốn'],
    ['tổng đài 1900 1234', 'tổng đài một chín không không, một hai ba bốn'],
    // Others.
    ['bão số 3', 'bão số ba'],
    ['Đại hội XIV', 'Đại hội mười bốn'],
    ['quý IV', 'quý tư'],
    ['lần thứ I', 'lần thứ nhất'],
    ['Quốc hội khóa XV', 'Quốc hội khóa mười lăm'],
    ['thế kỷ XXI', 'thế kỷ hai mươi mốt'],
    ['PCCC, BHYT và BHXH', 'phòng cháy chữa cháy, bảo hiểm y tế và bảo hiểm xã hội'],
    ['TP.HCM', 'Thành phố Hồ Chí Minh'],
    ['TP Ninh Bình', 'thành phố Ninh Bình'],
    ['KT-XH', 'kinh tế - xã hội'],
    ['thôn 5, tổ 12', 'thôn năm, tổ mười hai'],
    ['v.v.', 'vân vân'],
    // What is not meant is left alone.
    ['Chị UBNDX', 'Chị UBNDX'],
    ['VNeID', 'VNeID'],
    ['mẫu A4', 'mẫu A4'],
    ['Không có con số nào ở đây.', 'Không có con số nào ở đây.'],
  ])('%s', (written, words) => expect(spoken(written)).toBe(words));

  test('a whole notice', () => {
    expect(
      spoken(
        'UBND phường thông báo: 19h30 ngày 24/11/2026, họp tại NVH TDP số 5. Mức đóng 1.500.000 đ/hộ, theo NĐ 49/2024/NĐ-CP.',
      ),
    ).toBe(
      'Ủy ban nhân dân phường thông báo: mười chín giờ ba mươi phút ngày hai mươi bốn tháng mười một năm hai nghìn không trăm hai mươi sáu, ' +
        'họp tại NVH tổ dân phố số năm. Mức đóng một triệu năm trăm nghìn đồng/hộ, ' +
        'theo Nghị định số bốn mươi chín năm hai nghìn không trăm hai mươi bốn của Chính phủ.',
    );
  });

  test('the editor is shown what was put in other words, in the order of the text', () => {
    expect(readAloud('UBND họp 19h30 ở tổ 5', 'vi-VN').changes).toEqual([
      { from: 'UBND', to: 'Ủy ban nhân dân' },
      { from: '19h30', to: 'mười chín giờ ba mươi phút' },
      { from: '5', to: 'năm' },
    ]);
  });

  test('another language is left to its engine', () => {
    expect(readAloud('At 19:30 on 24/11/2026', 'en').spoken).toBe('At 19:30 on 24/11/2026');
  });

  test('whatever is written, nothing is lost but what is put in words, and it does not take for ever', () => {
    const letters = fc.string({
      unit: fc.constantFrom(...'0123456789./,-:hgđ%UBNDKHQĐXIVngày tháng số '.split('')),
      maxLength: 200,
    });
    fc.assert(
      fc.property(letters, (text) => {
        const { spoken: words, changes } = readAloud(text, 'vi');
        const source = text.normalize('NFC');
        const grown = changes.reduce((sum, { from, to }) => sum + to.length - from.length, 0);
        return words.length === source.length + grown && changes.every(({ from }) => source.includes(from));
      }),
      { numRuns: 500 },
    );
  });
});
