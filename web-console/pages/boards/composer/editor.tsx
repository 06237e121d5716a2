import type { Programme } from '#controller/http/contract/library';
import { Body } from './body.tsx';
import type { Composition } from './model/composition.ts';
import { ComposerProvider } from './use-composer.tsx';

/** The composer around one composition. */
export function Editor({
  start,
  programme,
  restored = null,
  meanwhile = false,
  saved,
  leave,
}: {
  start: Composition;
  /** What it is saved as; null for a new one. */
  programme: Programme | null;
  /** The saved state, where a draft of this browser stands instead. */
  restored?: Composition | null;
  /** Whether what is saved was changed after the draft was begun: saving the draft would undo that. */
  meanwhile?: boolean;
  /** Told of a new one's id. */
  saved?: (id: string) => void;
  /** Back to the choice of templates. */
  leave?: () => void;
}) {
  return (
    <ComposerProvider start={start}>
      <Body
        programme={programme}
        restored={restored}
        meanwhile={meanwhile}
        {...(saved === undefined ? {} : { saved })}
        {...(leave === undefined ? {} : { leave })}
      />
    </ComposerProvider>
  );
}
