import { readdir } from 'node:fs/promises';
import { parseArgs } from 'node:util';

/** One figure of the table: `ok` is whether it is within `limit`; null where a figure only tells how the cost grows. */
export interface Figure {
  readonly name: string;
  readonly figure: number;
  readonly unit: string;
  readonly limit: number | null;
  readonly ok: boolean;
}
export type Report = (figure: Figure) => void;

/**
 * Runs the benchmarks in turn: `npm run bench [-- --json] [-- NAME …]`. Each file of this folder ending in
 * `.bench.ts` exports `default async (report) => …`. Ends with 1 when a figure is over its limit.
 */
const { values, positionals } = parseArgs({ options: { json: { type: 'boolean' } }, allowPositionals: true });
const folder = new URL('.', import.meta.url);
const names = (await readdir(folder))
  .filter((file) => file.endsWith('.bench.ts'))
  .filter((file) => positionals.length === 0 || positionals.some((wanted) => file.startsWith(wanted)))
  .sort();

const number = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });
const rows: Figure[] = [];
const print = (row: Figure): void => {
  rows.push(row);
  if (values.json) console.log(JSON.stringify(row));
  else {
    const mark = row.ok ? 'ok  ' : 'OVER';
    console.log(
      `${mark}  ${number.format(row.figure).padStart(10)} ${row.unit.padEnd(8)} limit ${(row.limit === null ? '–' : number.format(row.limit)).padStart(8)}  ${row.name}`,
    );
  }
};

for (const file of names) {
  if (!values.json) console.log(`\n# ${file.replace('.bench.ts', '')}`);
  const bench: { default: (report: Report) => Promise<void> } = await import(new URL(file, folder).href);
  await bench.default(print);
}
if (names.length === 0) {
  console.error(`There is no benchmark named ${positionals.join(' or ')}; see test/bench.`);
  process.exit(2);
}
process.exit(rows.every((row) => row.ok) ? 0 : 1);
