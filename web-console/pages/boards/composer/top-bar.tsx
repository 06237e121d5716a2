import { ActionIcon, TextInput, Tooltip } from '@mantine/core';
import { IconArrowBackUp, IconArrowForwardUp, IconTemplate } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { FormatMenu } from './format-menu.tsx';
import { useComposer } from './use-composer.tsx';
import { titleOf, type useSaving } from './use-saving.ts';

/** What it is called, whether it is saved, and the way back and forth. */
export function TopBar({ saving, leave }: { saving: ReturnType<typeof useSaving>; leave?: () => void }) {
  const { t } = useTranslation();
  const { composition, edit, undo, redo, canUndo, canRedo } = useComposer();
  const tool = (label: string, icon: ReactNode, act: () => void, disabled: boolean) => (
    <Tooltip label={label}>
      <ActionIcon size={44} variant="default" aria-label={label} disabled={disabled} onClick={act}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
  return (
    <div className="composer-top">
      <h1 className="visually-hidden">{titleOf(composition, t('compose.title'))}</h1>
      <TextInput
        className="composer-title"
        aria-label={t('compose.titleLabel')}
        placeholder={titleOf(composition, t('compose.titleLabel'))}
        value={composition.title}
        maxLength={200}
        onChange={(event) => {
          const title = event.currentTarget.value;
          edit((before) => ({ ...before, title }), 'title');
        }}
      />
      {leave !== undefined &&
        saving.saved === null &&
        tool(t('compose.templates'), <IconTemplate size={20} />, leave, false)}
      <FormatMenu />
      {tool(t('compose.undo'), <IconArrowBackUp size={20} />, undo, !canUndo)}
      {tool(t('compose.redo'), <IconArrowForwardUp size={20} />, redo, !canRedo)}
      <span className="composer-state dim" role="status">
        {t(saving.clean ? 'compose.isSaved' : 'compose.isDraft')}
      </span>
    </div>
  );
}
