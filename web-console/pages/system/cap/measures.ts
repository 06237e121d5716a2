import type { AlertLevel } from '#controller/http/contract/alerts';
import type { CapPolicy } from '#controller/http/contract/policies';

/** CAP 1.2, section 3.2.2: the worst first. */
export const MEASURES = {
  severity: ['Extreme', 'Severe', 'Moderate', 'Minor', 'Unknown'],
  urgency: ['Immediate', 'Expected', 'Future', 'Past', 'Unknown'],
  certainty: ['Observed', 'Likely', 'Possible', 'Unlikely', 'Unknown'],
} as const;
export type Measure = keyof typeof MEASURES;
export const measures = Object.keys(MEASURES) as Measure[];
export const LEVELS = ['emergency', 'priority', 'normal', 'none'] as const satisfies readonly AlertLevel[];

export type LevelRow = CapPolicy['levels'][number];
export type Measured = { [M in Measure]: (typeof MEASURES)[M][number] };

/** The first row that fits an alert, by its place; −1: none does, and nothing is done. */
export const decidedBy = (rows: readonly LevelRow[], alert: Measured): number =>
  rows.findIndex((row) =>
    measures.every((measure) => row[measure] === null || row[measure] === alert[measure]),
  );

/** A change of one measure of a row; `null` fits anything, and so does what is none of its words. */
export function measured(row: LevelRow, measure: Measure, chosen: string | null): LevelRow {
  switch (measure) {
    case 'severity':
      return { ...row, severity: MEASURES.severity.find((one) => one === chosen) ?? null };
    case 'urgency':
      return { ...row, urgency: MEASURES.urgency.find((one) => one === chosen) ?? null };
    case 'certainty':
      return { ...row, certainty: MEASURES.certainty.find((one) => one === chosen) ?? null };
  }
}
