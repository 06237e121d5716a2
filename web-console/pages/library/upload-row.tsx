import { Button, Progress } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useProblemText } from '../../parts/problem.tsx';
import { useFormat } from '../../words/format.ts';
import { forget, type Upload } from './uploads.ts';

/** A file on its way to the controller. */
export function UploadRow({ upload }: { upload: Upload }) {
  const { t } = useTranslation();
  const format = useFormat();
  const textOf = useProblemText();
  const ratio = upload.bytes === 0 ? 0 : upload.sent / upload.bytes;
  return (
    <li className="card">
      <div className="card-main">
        <span className="card-title">{upload.filename}</span>
        {upload.error === null ? (
          <>
            <span className="dim num" role="status">
              {t('library.sending', { sent: format.bytes(upload.sent), all: format.bytes(upload.bytes) })}
            </span>
            <Progress value={ratio * 100} aria-label={t('library.sendingLabel', { name: upload.filename })} />
          </>
        ) : (
          <span className="refusal" role="alert">
            {textOf(upload.error)}
          </span>
        )}
      </div>
      <div className="card-actions">
        {upload.error === null ? (
          <Button variant="default" onClick={upload.abort}>
            {t('action.cancel')}
          </Button>
        ) : (
          <Button variant="default" onClick={() => forget(upload.key)}>
            {t('action.close')}
          </Button>
        )}
      </div>
    </li>
  );
}
