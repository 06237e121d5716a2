import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { BoardChoice, FallbackChoice } from '#controller/http/contract/board-choice';
import type { Size } from '#devices/render/brush';
import type { Scene } from '#devices/scene';
import { ask } from '../../api/ask.ts';
import { useSession } from '../../api/session.ts';
import { useFormat } from '../../words/format.ts';
import { FallbackCanvas } from './fallback-canvas.tsx';
import { SceneCanvas } from './scene/scene-canvas.tsx';
import { useShow } from './scene/use-show.ts';

/** What a fallback looks like on a board of a size. */
export function FallbackPicture({
  fallback,
  choice,
  size,
}: {
  fallback: FallbackChoice;
  choice: Pick<BoardChoice, 'title'>;
  size: Size;
}) {
  const { t } = useTranslation();
  const { site } = useSession();
  const { place } = useFormat();
  if (fallback.show === 'programme') {
    return <ProgrammePicture programmeId={fallback.programmeId} size={size} />;
  }
  const show = fallback.show === 'plan' ? 'dark' : fallback.show;
  return (
    <FallbackCanvas
      size={size}
      show={show}
      title={choice.title === '' ? site.name : choice.title}
      utcOffsetMinutes={place.offsetMinutes(Date.now())}
      label={t(`boards.shows.${fallback.show}`)}
    />
  );
}

function ProgrammePicture({ programmeId, size }: { programmeId: string; size: Size }) {
  const { t } = useTranslation();
  const programmes = useQuery(ask('GET /programmes'));
  const programme = programmes.data?.find(({ id }) => id === programmeId);
  const scene: Scene | null = programme === undefined ? null : sceneOf(programme);
  const show = useShow(scene, size.width, size.height);
  const label = programme?.title ?? t('state.loading');
  if (show === null) {
    return <FallbackCanvas size={size} show="dark" title="" utcOffsetMinutes={0} label={label} />;
  }
  return <SceneCanvas show={show} tMs={0} playing label={label} />;
}

type Shown = {
  readonly language: string;
  readonly board: { readonly scene: Scene } | null;
  readonly notice: { readonly heading: string | null; readonly text: string } | null;
};

/** The scene that the controller makes of a programme; of a short notice the same as it does. */
function sceneOf({ board, notice, language }: Shown): Scene | null {
  if (board !== null) return board.scene;
  if (notice === null || notice.text === '') return null;
  const heading = notice.heading === null || notice.heading === '' ? {} : { heading: notice.heading };
  return {
    v: 2,
    language,
    pages: [{ zones: [{ item: { type: 'notice', ...heading, text: notice.text } }] }],
  };
}
