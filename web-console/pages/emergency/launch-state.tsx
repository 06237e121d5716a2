import { useTranslation } from 'react-i18next';
import { Shape, type ShapeName, type Tone } from '../../parts/mark.tsx';
import { useProblemText } from '../../parts/problem.tsx';
import type { Launch } from './use-launch.ts';

/** How far the press came, never better than it is: asked is not sent. */
export function LaunchState({ launch: { step, tries, error } }: { launch: Launch }) {
  const { t } = useTranslation();
  const textOf = useProblemText();
  const held = tries > 0;
  const said = (): { shape: ShapeName; tone: Tone; text: string } | null => {
    switch (step) {
      case 'drawing':
        return held
          ? { shape: 'triangle', tone: 'warn', text: t('launch.notReached', { count: tries }) }
          : null;
      case 'drawn':
        return null;
      case 'asking':
        return held
          ? { shape: 'triangle', tone: 'warn', text: t('launch.askedAgain', { count: tries }) }
          : { shape: 'half', tone: 'accent', text: t('launch.asked') };
      case 'done':
        return { shape: 'full', tone: 'good', text: t('launch.sent') };
      case 'refused':
        return { shape: 'cross', tone: 'bad', text: textOf(error) };
    }
  };
  const now = said();
  return (
    <div aria-live="assertive">
      {now !== null && (
        <p className="launch-state mark" data-tone={now.tone}>
          <Shape shape={now.shape} tone={now.tone} size={16} />
          <span>{now.text}</span>
        </p>
      )}
    </div>
  );
}
