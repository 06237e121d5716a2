import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { FallbackChoice } from '#controller/http/contract/board-choice';
import type { BoardView } from '#controller/http/contract/boards';
import { wordsOf } from '#devices/render/words';
import { ask } from '../../api/ask.ts';
import { FallbackCanvas } from './fallback-canvas.tsx';
import { FallbackPicture } from './fallback-picture.tsx';
import { SceneCanvas } from './scene/scene-canvas.tsx';
import { useShow } from './scene/use-show.ts';

/** What is to stand on a board now, drawn by the function that lights it and turning its pages in step with it. */
export function Drawn({ board }: { board: BoardView }) {
  const { t } = useTranslation();
  const { panel, desired, id } = board;
  const answer = useQuery(ask('GET /boards/{id}/scene', { params: { id } }));
  const { data, refetch } = answer;
  const wanted = desired?.sceneSha256 ?? null;
  // What goes round turns to its next part without anybody saying so.
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again once for another part, not until it agrees
  useEffect(() => {
    if (data !== undefined && data.sha256 !== wanted) void refetch();
  }, [wanted]);
  const scene = data?.scene ?? null;
  const show = useShow(scene, panel?.width ?? 16, panel?.height ?? 16);
  const since = desired?.since ?? null;
  // Where in the round it stands; from then on the canvas counts by itself.
  // biome-ignore lint/correctness/useExhaustiveDependencies: reckoned anew for another scene
  const tMs = useMemo(() => (since === null ? 0 : Math.max(0, Date.now() - since)), [since, show]);
  if (panel === null) return <p className="board-unknown">{t('boards.noPanel')}</p>;
  if (data !== undefined && scene === null) return <Unscheduled board={board} size={panel} />;
  if (show === null || scene === null) {
    return (
      <FallbackCanvas size={panel} show="dark" title="" utcOffsetMinutes={0} label={t('state.loading')} />
    );
  }
  const label = t('boards.drawnOf', { name: board.name, words: wordsOf(scene) });
  return <SceneCanvas show={show} tMs={tMs} playing label={label} />;
}

const DARK: FallbackChoice = { show: 'dark' };

/** Nothing is scheduled, or something is in the way: what was chosen for that. */
function Unscheduled({ board, size }: { board: BoardView; size: { width: number; height: number } }) {
  const device = useQuery(ask('GET /devices/{id}', { params: { id: board.id } }));
  const choice = device.data?.board;
  if (choice === null || choice === undefined) {
    return <FallbackPicture fallback={DARK} choice={{ title: '' }} size={size} />;
  }
  const chosen = {
    'clock-unset': choice.clockUnset,
    'power-return': choice.powerReturn,
    'link-lost': choice.linkLost,
    off: DARK,
    idle: choice.idle,
    playing: choice.idle,
    emergency: choice.idle,
  }[board.mode ?? 'idle'];
  return <FallbackPicture fallback={chosen} choice={choice} size={size} />;
}
