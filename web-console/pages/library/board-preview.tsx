import { SegmentedControl } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Scene } from '#devices/scene';
import { useLater } from '../../parts/use-later.ts';
import { SceneCanvas } from '../boards/scene/scene-canvas.tsx';
import { useShow } from '../boards/scene/use-show.ts';

const sizes = ['320x160', '192x96', '128x32', '1920x1080'] as const;
const sizeOf = (name: string) => {
  const [width = 320, height = 160] = name.split('x').map(Number);
  return { width, height };
};

/** The notice drawn by the function that lights the board, on as many pixels as the board has. */
export function BoardPreview({ heading, text }: { heading: string; text: string }) {
  const { t } = useTranslation();
  const [name, setName] = useState<string>(sizes[0]);
  const { width, height } = sizeOf(name);
  const title = useLater(heading.trim(), 200);
  const body = useLater(text.trim(), 200);
  const scene = useMemo<Scene | null>(
    () =>
      body === ''
        ? null
        : {
            v: 2,
            language: 'vi',
            pages: [
              {
                zones: [
                  { item: { type: 'notice', text: body, ...(title === '' ? {} : { heading: title }) } },
                ],
              },
            ],
          },
    [title, body],
  );
  const show = useShow(scene, width, height);
  const pages = show?.pages.length ?? 1;
  return (
    <figure className="board">
      <SegmentedControl
        aria-label={t('programmes.boardSize')}
        value={name}
        onChange={setName}
        data={sizes.map((value) => ({ value, label: value.replace('x', ' × ') }))}
      />
      {show !== null && (
        <SceneCanvas
          key={name}
          show={show}
          tMs={0}
          playing
          label={t('programmes.previewOf', { width, height })}
        />
      )}
      <figcaption className="dim num">
        {t('programmes.preview')}
        {pages > 1 && ` · ${t('programmes.previewPages', { count: pages })}`}
      </figcaption>
    </figure>
  );
}
