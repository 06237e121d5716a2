import { Button } from '@mantine/core';
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ProblemError } from '../api/problem.ts';

/** A problem in the reader's words; the controller's own English sentence where the console knows no better. */
export function useProblemText(): (error: unknown) => string {
  const { t, i18n } = useTranslation();
  return (error) => {
    if (!(error instanceof ProblemError)) return t('problem.internal');
    const { code, detail, params = {}, errors } = error.problem;
    const key = `problem.${code}`;
    // The code comes from outside: it may be one that this console is too old for.
    if (i18n.exists(key)) return String(i18n.t(key as never, params as never));
    const first = errors?.[0];
    return first === undefined ? detail : `${detail} (${first.path}: ${first.message})`;
  };
}

/** In the place of what could not be fetched. */
export function Problem({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  const textOf = useProblemText();
  return (
    <div className="problem" role="alert">
      <IconAlertTriangle size={24} aria-hidden />
      <p>{textOf(error)}</p>
      {retry !== undefined && (
        <Button variant="default" leftSection={<IconRefresh size={18} />} onClick={retry}>
          {t('action.retry')}
        </Button>
      )}
    </div>
  );
}
