import { Alert, Loader } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Programme } from '#controller/http/contract/library';

/** Pictures and films are made for the boards before anything can go up; or why they cannot be. */
export function Making({ programme: { boardState, boardTrouble } }: { programme: Programme }) {
  const { t, i18n } = useTranslation();
  if (boardState === 'making')
    return (
      <p className="making" role="status">
        <Loader size="sm" /> {t('compose.making')}
      </p>
    );
  if (boardState !== 'failed') return null;
  const key = `problem.${boardTrouble ?? ''}`;
  return (
    <Alert color="red" variant="light" role="alert">
      {t('compose.makingFailed')} {i18n.exists(key) ? String(i18n.t(key as never)) : boardTrouble}
    </Alert>
  );
}
