import { Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';

/** A titled part of a page. */
export function Section({
  title,
  aside,
  children,
  plain = false,
}: {
  title: string;
  aside?: ReactNode;
  children: ReactNode;
  plain?: boolean;
}) {
  const id = useId();
  return (
    <section className={plain ? 'section' : 'section section-boxed'} aria-labelledby={id}>
      <div className="section-head">
        <Title order={2} id={id}>
          {title}
        </Title>
        {aside}
      </div>
      {children}
    </section>
  );
}
