import { Button, FileButton } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { type DragEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../api/session.ts';
import { upload } from './uploads.ts';

const ACCEPT = 'audio/*,video/mp4,video/webm,.mp3,.wav,.m4a,.aac,.ogg,.opus,.flac,.wma,.amr,.3gp';

export function UploadButton() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const may = useMay('operator');
  const take = (files: File[]) => {
    for (const file of files) upload(file);
    if (files.length > 0) void navigate({ to: '/library', search: { tab: 'sounds' } });
  };
  return (
    <FileButton onChange={take} accept={ACCEPT} multiple inputProps={{ 'aria-label': t('library.upload') }}>
      {(props) => (
        <Button {...props} leftSection={<IconUpload size={18} />} disabled={!may}>
          {t('library.upload')}
        </Button>
      )}
    </FileButton>
  );
}

/** The whole page takes what is dropped on it. */
export function UploadField({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const may = useMay('operator');
  const [over, setOver] = useState(false);
  const files = (event: DragEvent) => may && event.dataTransfer.types.includes('Files');
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button is the first
    <div
      className="drop"
      data-over={over}
      onDragOver={(event) => {
        if (!files(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget instanceof Node ? event.relatedTarget : null))
          setOver(false);
      }}
      onDrop={(event) => {
        if (!files(event)) return;
        event.preventDefault();
        setOver(false);
        for (const file of event.dataTransfer.files) upload(file);
      }}
    >
      {over && (
        <div className="drop-hint">
          <IconUpload size={32} aria-hidden />
          {t('library.drop')}
        </div>
      )}
      {children}
    </div>
  );
}
