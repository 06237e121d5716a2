import { SegmentedControl } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Assets } from '#devices/render/assets';
import { drawShow, makeShow } from '#devices/render/show';
import type { Scene } from '#devices/scene';
import { useLater } from '../../parts/use-later.ts';

const sizes = ['320x160', '192x64', '128x32', '1920x1080'] as const;
const sizeOf = (name: string) => {
  const [width = 320, height = 160] = name.split('x').map(Number);
  return { width, height };
};

const ASSETS: Assets = {
  picture: () => null,
  film: () => null,
  layer: ({ width, height }) => {
    const pixels = document.createElement('canvas');
    pixels.width = width;
    pixels.height = height;
    const brush = pixels.getContext('2d', { alpha: false });
    if (brush === null) throw new Error('this browser draws no canvas');
    return { brush, pixels };
  },
};

/** The notice drawn by the function that lights the board, on as many pixels as the board has. */
export function BoardPreview({ heading, text }: { heading: string; text: string }) {
  const { t } = useTranslation();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [name, setName] = useState<string>(sizes[0]);
  const [pages, setPages] = useState(1);
  const { width, height } = sizeOf(name);
  const still = useLater(JSON.stringify({ heading: heading.trim(), text: text.trim() }), 200);

  useEffect(() => {
    const brush = canvas.current?.getContext('2d', { alpha: false });
    const { heading: title, text: body } = JSON.parse(still) as { heading: string; text: string };
    if (brush === null || brush === undefined || body === '') return;
    const scene: Scene = {
      v: 2,
      language: 'vi',
      pages: [
        { zones: [{ item: { type: 'notice', text: body, ...(title === '' ? {} : { heading: title }) } }] },
      ],
    };
    let timer: number | undefined;
    const laid = makeShow(scene, { width, height }, ASSETS);
    setPages(laid.pages.length);
    const began = performance.now();
    const show = () => {
      const { nextInMs } = drawShow(brush, laid, performance.now() - began, Date.now());
      if (Number.isFinite(nextInMs)) timer = window.setTimeout(show, nextInMs);
    };
    show();
    return () => {
      window.clearTimeout(timer);
    };
  }, [still, width, height]);

  return (
    <figure className="board">
      <SegmentedControl
        aria-label={t('programmes.boardSize')}
        value={name}
        onChange={setName}
        data={sizes.map((value) => ({ value, label: value.replace('x', ' × ') }))}
      />
      <canvas
        ref={canvas}
        key={name}
        width={width}
        height={height}
        role="img"
        aria-label={t('programmes.previewOf', { width, height })}
      />
      <figcaption className="dim num">
        {t('programmes.preview')}
        {pages > 1 && ` · ${t('programmes.previewPages', { count: pages })}`}
      </figcaption>
    </figure>
  );
}
