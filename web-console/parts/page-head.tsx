import { Title } from '@mantine/core';
import type { ReactNode } from 'react';

export function PageHead({
  title,
  note,
  children,
}: {
  title: ReactNode;
  note?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <div className="page-head">
      <div>
        <Title order={1}>{title}</Title>
        {note !== undefined && <div className="page-note">{note}</div>}
      </div>
      {children !== undefined && <div className="page-actions">{children}</div>}
    </div>
  );
}
