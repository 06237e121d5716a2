import { Alert, Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ProblemError } from '../../../../api/problem.ts';
import { useProblemText } from '../../../../parts/problem.tsx';
import { useFormat } from '../../../../words/format.ts';
import { useFindingText } from '../lint/use-finding-text.ts';

/** Why the controller did not put it up, and what can be done about it. */
export function Refused({
  error,
  busy,
  accept,
  replace,
}: {
  error: unknown;
  busy: boolean;
  accept: () => void;
  replace: () => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const textOf = useProblemText();
  const findingText = useFindingText();
  const { standing = [], findings = [] } = error instanceof ProblemError ? error.problem : {};
  const endable = standing.some(({ broadcastId }) => broadcastId !== null);
  const warned =
    findings.length > 0 &&
    findings.every((panel) => panel.findings.every(({ severity }) => severity === 'warning'));
  return (
    <Alert color={standing.length > 0 ? 'yellow' : 'red'} variant="light" role="alert">
      <p className="refused-why">{textOf(error)}</p>
      {standing.length > 0 && (
        <ul className="refused-list">
          {standing.map((one) => (
            <li key={`${one.title} ${one.until}`}>
              <strong>{one.title}</strong> · {t(`priority.${one.priority}`)} ·{' '}
              {t('count.boards', { count: one.boardCount })}
              {one.until !== null && ` · ${t('boards.until', { when: format.moment(one.until) })}`}
            </li>
          ))}
        </ul>
      )}
      {findings.map((panel) => (
        <div key={`${panel.width}x${panel.height}`}>
          <strong className="num">
            {panel.width} × {panel.height}
          </strong>{' '}
          {panel.boards.map(({ name }) => name).join(', ')}
          <ul className="refused-list">
            {panel.findings.map((finding, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: findings have no names
              <li key={at}>{findingText(finding)}</li>
            ))}
          </ul>
        </div>
      ))}
      {endable && (
        <Button size="md" loading={busy} onClick={replace}>
          {t('compose.replace')}
        </Button>
      )}
      {warned && (
        <Button size="md" variant="default" loading={busy} onClick={accept}>
          {t('compose.publishAnyway')}
        </Button>
      )}
    </Alert>
  );
}
