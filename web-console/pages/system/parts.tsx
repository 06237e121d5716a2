import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../api/session.ts';

export const POLICY_PARTS = ['guards', 'emergency', 'speech', 'relay', 'cap', 'province'] as const;
type Part = (typeof POLICY_PARTS)[number] | 'people';

/** The parts of what an administrator decides; people are his alone to see. */
export function SystemParts({ current }: { current: Part }) {
  const { t } = useTranslation();
  const administrates = useMay('administrator');
  return (
    <nav className="chips chips-scroll system-parts" aria-label={t('system.parts')}>
      {POLICY_PARTS.map((name) => (
        <Link
          key={name}
          to="/system"
          search={name === 'guards' ? {} : { part: name }}
          activeOptions={{ exact: true }}
          className="chip"
          aria-current={current === name ? 'page' : undefined}
        >
          {t(`system.part.${name}`)}
        </Link>
      ))}
      {administrates && (
        <Link to="/system/people" className="chip" aria-current={current === 'people' ? 'page' : undefined}>
          {t('system.part.people')}
        </Link>
      )}
    </nav>
  );
}
