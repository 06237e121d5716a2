import { Alert, Button, FileButton, Progress } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconCamera, IconUpload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Visual } from '#controller/http/contract/visuals';
import { useProblemText } from '../../../../parts/problem.tsx';
import { useUpload } from './use-upload.ts';

/** A picture or a film from this machine, or from its camera. */
export function UploadButtons({ kind, done }: { kind: Visual['kind']; done: (visual: Visual) => void }) {
  const { t } = useTranslation();
  const textOf = useProblemText();
  const phone = useMediaQuery('(pointer: coarse)') ?? false;
  const upload = useUpload(done);
  const take = (file: File | null) => {
    if (file !== null) upload.start(file);
  };
  const accept = kind === 'image' ? 'image/*' : 'video/*';
  if (upload.sending)
    return (
      <div className="upload-now" role="status">
        <span className="num">{t('compose.sending', { percent: Math.round(upload.sent * 100) })}</span>
        <Progress value={upload.sent * 100} aria-label={t('compose.sendingLabel')} />
        <Button variant="default" onClick={upload.stop}>
          {t('action.cancel')}
        </Button>
      </div>
    );
  return (
    <>
      <div className="row-tools">
        <FileButton
          onChange={take}
          accept={accept}
          inputProps={{ 'aria-label': t(`compose.upload.${kind}`) }}
        >
          {(props) => (
            <Button {...props} variant="default" leftSection={<IconUpload size={18} />}>
              {t(`compose.upload.${kind}`)}
            </Button>
          )}
        </FileButton>
        {phone && (
          <FileButton
            onChange={take}
            accept={accept}
            capture="environment"
            inputProps={{ 'aria-label': t('compose.camera') }}
          >
            {(props) => (
              <Button {...props} variant="default" leftSection={<IconCamera size={18} />}>
                {t('compose.camera')}
              </Button>
            )}
          </FileButton>
        )}
      </div>
      <div role="alert">
        {upload.error !== null && (
          <Alert color="red" variant="light">
            {textOf(upload.error)}
          </Alert>
        )}
      </div>
    </>
  );
}
