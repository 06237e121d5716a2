import { describe, expect, test } from 'vitest';
import { csvLine } from '#controller/playback/csv';
import { parseCsv } from '../support/parse-csv.ts';

describe('a cell of the export', () => {
  test('comes back as it was typed, with quotes, separators and line ends in it', () => {
    const typed = ['Bản tin "sáng"', 'a;b,c', 'dòng một\r\ndòng hai', '', 'đủ dấu: ẵ ỡ ự'];
    for (const separator of [';', ','] as const) {
      expect(parseCsv(csvLine(typed, separator), separator)).toEqual([typed]);
    }
  });

  test('never runs as a formula on the machine of whoever opens it', () => {
    const evil = ['=1+1', '+84', '-2', '@SUM(A1)', ' =1', '\t=1', '\r=1', '\n=cmd', '  @x'];
    for (const text of evil) {
      const [[cell]] = parseCsv(csvLine([text], ';'), ';') as [[string]];
      expect(cell).toBe(`'${text}`);
    }
  });

  test('that is a number of ours stays a number, though it is negative', () => {
    expect(csvLine([-12, 0, null], ',')).toBe('"-12","0",""\r\n');
  });
});
