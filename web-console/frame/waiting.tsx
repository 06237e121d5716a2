import { Loader } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** While a page's own code is on its way. */
export function Waiting() {
  const { t } = useTranslation();
  return (
    <div className="alone" role="status" aria-label={t('state.loading')}>
      <Loader type="dots" />
    </div>
  );
}
