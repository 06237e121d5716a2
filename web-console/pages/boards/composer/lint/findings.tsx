import { Button } from '@mantine/core';
import { IconWand } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Shape } from '../../../../parts/mark.tsx';
import { useComposer } from '../use-composer.tsx';
import type { Found } from './use-findings.ts';
import './findings.css';

/** What would keep it from being read: errors first, each with the way to its place, and what would put it right. */
export function Findings({ findings, held }: { findings: Found; held: boolean }) {
  const { t } = useTranslation();
  const { composition, select } = useComposer();
  const { lacks } = findings;
  const many = composition.pages.length > 1;
  const all = lacks.length;
  return (
    <section id="findings" className="findings" data-held={held} aria-label={t('compose.findings')}>
      <p className="findings-sum" role="status">
        {all === 0 ? (
          <span className="mark" data-tone="good">
            <Shape shape="full" tone="good" />
            {t('compose.nothingFound')}
          </span>
        ) : (
          t('compose.found', { errors: findings.errors, warnings: findings.warnings })
        )}
      </p>
      <ul>
        {lacks.map(({ code, page, zone }) => (
          <li key={`${code} ${page} ${zone}`} className="finding" data-severity="error">
            <Shape shape="cross" tone="bad" />
            <div>
              <span>{t(`compose.lack.${code}`)}</span>
              <Button variant="subtle" size="compact-sm" onClick={() => select(page, zone)}>
                {many ? t('compose.goToPage', { page: page + 1 }) : t('compose.goToZone', { zone: zone + 1 })}
              </Button>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

export const FIX = <IconWand size={16} />;
