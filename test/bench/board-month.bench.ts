import { monthOffline } from '../support/board-month.ts';

type Report = (row: { name: string; figure: number; unit: string; limit: number; ok: boolean }) => void;

const DAYS = 30;

/** A whole device without a link for a month of simulated time: what it showed, and what it can prove afterwards. */
export default async function boardMonthBench(report: Report): Promise<void> {
  const began = performance.now();
  const month = await monthOffline(DAYS);
  const wrong = month.turnsDue - month.turnsRight;
  const row = (name: string, figure: number, unit: string, limit: number, ok = figure <= limit): void =>
    report({ name, figure, unit, limit, ok });
  row(`of ${month.turnsDue} page turns in ${DAYS} days offline, not at their time`, wrong, 'turns', 0);
  row('the page turn that was furthest from its time, by the simulated clock', month.worstTurnMs, 'ms', 100);
  row(
    `of ${month.recordsKept} records of ${month.occurrences} occurrences, lost`,
    month.recordsKept - month.recordsCame,
    'records',
    0,
  );
  row('records that came twice', month.recordsTwice, 'records', 0);
  row('occurrences without a record of having stood', month.missed, 'records', 0);
  row(
    'of the time that was planned, shown and proved',
    month.shownShare * 100,
    '%',
    99.99,
    month.shownShare > 0.9999 && month.shownShare < 1.0001,
  );
  row('records that waited for the link at most', month.waitedMost, 'records', 20_000);
  row('pictures that waited for the link at most', month.pictures, 'files', 21);
  row('the month took', (performance.now() - began) / 1_000, 's', 600);
}
