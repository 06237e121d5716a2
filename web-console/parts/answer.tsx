import { Skeleton } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from './problem.tsx';

/** Shows an answer, the shape of it while it is on its way, or why it did not come. Old data stays on the screen. */
export function Answered<T>({
  of,
  rows = 4,
  height = 48,
  children,
}: {
  of: UseQueryResult<T>;
  rows?: number;
  height?: number;
  children: (data: T) => ReactNode;
}) {
  const { t } = useTranslation();
  if (of.data !== undefined) return children(of.data);
  if (of.isError) return <Problem error={of.error} retry={() => void of.refetch()} />;
  return (
    <div className="skeletons" role="status" aria-label={t('state.loading')}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike
        <Skeleton key={row} height={height} />
      ))}
    </div>
  );
}
