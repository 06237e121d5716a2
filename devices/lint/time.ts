import type { Scene } from '../scene.ts';
import type { LintFinding } from './finding.ts';
import type { LintOptions } from './looked.ts';

/** What is over, what never comes, and figures that are old. */
export function lintTime({ pages }: Scene, { now }: LintOptions): LintFinding[] {
  const findings: LintFinding[] = [];
  const gone = pages.map(
    ({ from = 0, until }) => until !== undefined && (until <= from || (now !== undefined && until <= now)),
  );
  if (gone.every((is) => is)) {
    findings.push({
      ...nowhere,
      code: 'all-over',
      severity: 'error',
      fix: { code: 'set-validity', params: {} },
    });
  }
  for (const [page, { from = 0, until }] of pages.entries()) {
    if (until === undefined || gone[page] !== true) continue;
    findings.push({
      code: until <= from ? 'page-never' : 'page-over',
      severity: 'warning',
      params: { until },
      page,
      zone: null,
      fix: pages.length > 1 ? { code: 'remove-page', params: {} } : { code: 'set-validity', params: {} },
    });
  }
  for (const [page, { zones }] of pages.entries()) {
    for (const [zone, { item }] of zones.entries()) {
      if (item.type !== 'tile' || item.staleAt === undefined || now === undefined || item.staleAt > now)
        continue;
      const fix = { code: 'refresh-tile', params: {} };
      findings.push({
        code: 'tile-stale',
        severity: 'warning',
        params: { staleAt: item.staleAt },
        page,
        zone,
        fix,
      });
    }
  }
  return findings;
}

const nowhere = { params: {}, page: null, zone: null } as const;
