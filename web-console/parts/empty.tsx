import type { ReactNode } from 'react';

/** Nothing is there yet: one sentence, and the one thing to do about it. */
export function Empty({ text, children }: { text: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <p>{text}</p>
      {children}
    </div>
  );
}
