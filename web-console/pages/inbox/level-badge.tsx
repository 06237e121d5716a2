import { useTranslation } from 'react-i18next';
import type { AlertLevel } from '#controller/http/contract/alerts';
import { levelTones } from './signs.ts';

export function LevelBadge({ level }: { level: AlertLevel }) {
  const { t } = useTranslation();
  return (
    <span className="level-badge" data-tone={levelTones[level]}>
      {t(`bulletinLevel.${level}`)}
    </span>
  );
}
