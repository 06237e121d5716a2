import { ActionIcon, Tooltip } from '@mantine/core';
import { IconArrowLeft, IconArrowRight, IconCopy, IconPlus, IconTrash } from '@tabler/icons-react';
import { type KeyboardEvent, type ReactNode, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Scene } from '#devices/scene';
import type { ScenePage } from '#devices/scene/page';
import { Still } from '../../scene/still.tsx';
import { addPage, duplicatePage, MOST_PAGES, movePage, removePage } from '../model/edits.ts';
import { useComposer } from '../use-composer.tsx';
import { useOffer } from '../use-offer.tsx';
import './pages.css';

/** The pages one after another, as the board turns them. */
export function PageStrip({ scene }: { scene: Scene }) {
  const { t } = useTranslation();
  const { composition, pageAt, select, edit, announce, undo } = useComposer();
  const offer = useOffer();
  const strip = useRef<HTMLOListElement>(null);
  const { pages, format } = composition;
  const move = (at: number, to: number) => {
    if (to < 0 || to >= pages.length) return;
    edit(movePage(at, to));
    select(to);
    announce(t('compose.pageMoved', { from: at + 1, to: to + 1 }));
    window.requestAnimationFrame(() =>
      strip.current?.querySelectorAll<HTMLButtonElement>('button.page-thumb')[to]?.focus(),
    );
  };
  const remove = () => {
    edit(removePage(pageAt));
    select(Math.max(0, pageAt - 1));
    offer(t('compose.pageRemoved', { page: pageAt + 1 }), undo);
  };
  const press = (event: KeyboardEvent, at: number) => {
    if (!event.altKey || (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight')) return;
    event.preventDefault();
    move(at, at + (event.key === 'ArrowLeft' ? -1 : 1));
  };
  const tool = (label: string, icon: ReactNode, act: () => void, disabled = false) => (
    <Tooltip label={label}>
      <ActionIcon
        size={44}
        variant="subtle"
        color="gray"
        aria-label={label}
        disabled={disabled}
        onClick={act}
      >
        {icon}
      </ActionIcon>
    </Tooltip>
  );
  return (
    <nav className="pages" aria-label={t('compose.pages')}>
      <ol className="page-strip" ref={strip}>
        {pages.map((page, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a page has no other name than its place
          <li key={index}>
            <button
              type="button"
              className="page-thumb"
              aria-current={index === pageAt}
              aria-label={t('compose.pageOf', { page: index + 1, of: pages.length })}
              aria-description={t('compose.pageKeys')}
              onClick={() => select(index)}
              onKeyDown={(event) => press(event, index)}
            >
              <Thumb
                page={scene.pages[index] ?? page}
                scene={scene}
                width={format.width}
                height={format.height}
              />
              <span className="num">{index + 1}</span>
            </button>
          </li>
        ))}
        <li>
          <button
            type="button"
            className="page-thumb page-add"
            disabled={pages.length >= MOST_PAGES}
            onClick={() => {
              edit(addPage(pageAt));
              select(pageAt + 1);
              announce(t('compose.pageAdded', { page: pageAt + 2 }));
            }}
          >
            <IconPlus size={20} aria-hidden />
            {t('compose.addPage')}
          </button>
        </li>
      </ol>
      <div className="page-tools">
        {pages.length > 1 &&
          tool(
            t('compose.moveBefore'),
            <IconArrowLeft size={20} />,
            () => move(pageAt, pageAt - 1),
            pageAt === 0,
          )}
        {pages.length > 1 &&
          tool(
            t('compose.moveAfter'),
            <IconArrowRight size={20} />,
            () => move(pageAt, pageAt + 1),
            pageAt >= pages.length - 1,
          )}
        {tool(
          t('compose.duplicate'),
          <IconCopy size={20} />,
          () => {
            edit(duplicatePage(pageAt));
            select(pageAt + 1);
            announce(t('compose.pageAdded', { page: pageAt + 2 }));
          },
          pages.length >= MOST_PAGES,
        )}
        {tool(t('compose.removePage'), <IconTrash size={20} />, remove)}
      </div>
    </nav>
  );
}

function Thumb({
  page,
  scene,
  width,
  height,
}: {
  page: ScenePage;
  scene: Scene;
  width: number;
  height: number;
}) {
  const { language, grid } = scene;
  const alone = useMemo<Scene>(
    () => ({ v: 2, language, ...(grid === undefined ? {} : { grid }), pages: [page] }),
    [page, language, grid],
  );
  return <Still scene={alone} width={width} height={height} label="" />;
}
