import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconWand } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
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
  const phone = useMediaQuery('(max-width: 61.99em)') ?? false;
  const [open, setOpen] = useState(!phone);
  useEffect(() => {
    if (held) setOpen(true);
  }, [held]);
  return (
    <section
      id="findings"
      className="findings"
      data-held={held && errors > 0}
      aria-label={t('compose.findings')}
    >
      {all.length === 0 ? (
        <p className="findings-sum mark" data-tone="good" role="status">
          <Shape shape="full" tone="good" />
          {t('compose.nothingFound')}
        </p>
      ) : (
        <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary className="findings-sum">
            <span role="status">
              {errors > 0 && (
                <span className="mark" data-tone="bad">
                  <Shape shape="cross" tone="bad" />
                  {t('compose.errors', { count: errors })}
                </span>
              )}
              {warnings > 0 && (
                <span className="mark" data-tone="warn">
                  <Shape shape="triangle" tone="warn" />
                  {t('compose.warnings', { count: warnings })}
                </span>
              )}
            </span>
          </summary>
          <ul>
            {all.map((finding, at) => (
              <Finding
                // biome-ignore lint/suspicious/noArrayIndexKey: findings have no names
                key={`${finding.code} ${finding.page} ${finding.zone} ${at}`}
                finding={finding}
              />
            ))}
          </ul>
        </details>
      )}
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
