import { Button } from '@mantine/core';
import { IconWand } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { applyFix, canApply } from '#devices/lint/apply-fix';
import type { LintFinding } from '#devices/lint/finding';
import { Shape } from '../../../../parts/mark.tsx';
import { sceneOf } from '../model/composition.ts';
import { useComposer } from '../use-composer.tsx';
import { useFindingText } from './use-finding-text.ts';
import type { Found } from './use-findings.ts';
import './findings.css';

/** What would keep it from being read: errors first, each with the way to its place and what would put it right. */
export function Findings({ findings, held }: { findings: Found; held: boolean }) {
  const { t } = useTranslation();
  const { all, errors, warnings } = findings;
  return (
    <section id="findings" className="findings" data-held={held} aria-label={t('compose.findings')}>
      <p className="findings-sum" role="status">
        {all.length === 0 ? (
          <span className="mark" data-tone="good">
            <Shape shape="full" tone="good" />
            {t('compose.nothingFound')}
          </span>
        ) : (
          t('compose.found', { errors, warnings })
        )}
      </p>
      <ul>
        {all.map((finding, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: findings have no names
          <Finding key={`${finding.code} ${finding.page} ${finding.zone} ${at}`} finding={finding} />
        ))}
      </ul>
    </section>
  );
}

function Finding({ finding }: { finding: LintFinding }) {
  const { t } = useTranslation();
  const { composition, pageAt, zoneAt, select, edit, announce } = useComposer();
  const textOf = useFindingText();
  const fixOf = useFindingText('fix');
  const { severity, page, zone, fix } = finding;
  const elsewhere = page !== null && (page !== pageAt || (zone ?? zoneAt) !== zoneAt);
  const mend = (label: string) => {
    edit((before) => ({ ...before, pages: applyFix(sceneOf(before), finding).pages }));
    announce(t('compose.fixed', { what: label }));
  };
  const label = fix === null ? '' : fixOf(fix);
  const can = canApply(finding);
  return (
    <li className="finding" data-severity={severity} data-code={finding.code}>
      <Shape
        {...(severity === 'error' ? { shape: 'cross', tone: 'bad' } : { shape: 'triangle', tone: 'warn' })}
      />
      <div>
        <span>
          {textOf(finding)} {fix !== null && !can && <span className="dim">{label}</span>}
        </span>
        {(can || elsewhere) && (
          <span className="finding-acts">
            {can && (
              <Button
                variant="light"
                size="compact-md"
                leftSection={<IconWand size={16} />}
                onClick={() => mend(label)}
              >
                {label}
              </Button>
            )}
            {elsewhere && (
              <Button variant="subtle" size="compact-md" onClick={() => select(page, zone ?? 0)}>
                {composition.pages.length > 1
                  ? t('compose.goToPage', { page: page + 1 })
                  : t('compose.goToZone', { zone: (zone ?? 0) + 1 })}
              </Button>
            )}
          </span>
        )}
      </div>
    </li>
  );
}
