import { ActionIcon, Tooltip } from '@mantine/core';
import {
  IconChevronLeft,
  IconChevronRight,
  IconEye,
  IconMaximize,
  IconMoon,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconRelationOneToOne,
  IconSun,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { VIEWS, type View } from './scale.ts';
import type { Playback } from './use-playback.ts';

const ICONS: Record<View, ReactNode> = {
  fit: <IconMaximize size={20} />,
  true: <IconRelationOneToOne size={20} />,
  far: <IconEye size={20} />,
};

/** What is done with the preview: played, turned over, looked at from elsewhere, by day and by night. */
export function StageBar({
  playback,
  of,
  view,
  setView,
  night,
  setNight,
}: {
  playback: Playback;
  /** How many pictures the round has. */
  of: number;
  view: View;
  setView: (view: View) => void;
  night: boolean;
  setNight: (night: boolean) => void;
}) {
  const { t } = useTranslation();
  const { playing, shown } = playback;
  const at = shown?.index ?? 0;
  const button = (
    label: string,
    icon: ReactNode,
    act: () => void,
    more: { pressed?: boolean; disabled?: boolean } = {},
  ) => (
    <Tooltip label={label}>
      <ActionIcon
        size={44}
        variant={more.pressed === true ? 'light' : 'subtle'}
        color={more.pressed === true ? 'river' : 'gray'}
        aria-label={label}
        {...(more.pressed === undefined ? {} : { 'aria-pressed': more.pressed })}
        disabled={more.disabled === true}
        onClick={act}
      >
        {icon}
      </ActionIcon>
    </Tooltip>
  );
  return (
    <div className="stage-bar">
      <div className="stage-round">
        {playing
          ? button(t('compose.pause'), <IconPlayerPauseFilled size={20} />, playback.pause)
          : button(t('compose.play'), <IconPlayerPlayFilled size={20} />, playback.play)}
        {button(t('compose.before'), <IconChevronLeft size={20} />, () => playback.goTo((at + of - 1) % of), {
          disabled: of < 2,
        })}
        <span className="num stage-count" role="status">
          <span className="visually-hidden">{t('compose.picture')} </span>
          {at + 1}/{of}
        </span>
        {button(t('compose.after'), <IconChevronRight size={20} />, () => playback.goTo((at + 1) % of), {
          disabled: of < 2,
        })}
      </div>
      <div className="stage-views">
        {VIEWS.map((name) => (
          <span key={name}>
            {button(t(`compose.view.${name}`), ICONS[name], () => setView(name), { pressed: view === name })}
          </span>
        ))}
        {button(
          t(night ? 'compose.toDay' : 'compose.toNight'),
          night ? <IconMoon size={20} /> : <IconSun size={20} />,
          () => setNight(!night),
          { pressed: night },
        )}
      </div>
    </div>
  );
}
