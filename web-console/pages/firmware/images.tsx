import { ActionIcon, Button, Menu, Progress } from '@mantine/core';
import { IconDots, IconPlayerPlay, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FirmwareImage } from '#controller/http/contract/firmware';
import { ask } from '../../api/ask.ts';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { useWatched } from '../../live/store.ts';
import { Answered } from '../../parts/answer.tsx';
import { Empty } from '../../parts/empty.tsx';
import { useProblemText } from '../../parts/problem.tsx';
import { Section } from '../../parts/section.tsx';
import { Sure } from '../../parts/sure.tsx';
import { useSay } from '../../parts/undo.tsx';
import { useFormat } from '../../words/format.ts';
import { forgetImage, type ImageUpload, imageUploads } from './image-uploads.ts';
import { RolloutForm } from './rollout-form.tsx';

/** The images that there are, and those on their way. */
export function Images({ add }: { add: ReactNode }) {
  const { t } = useTranslation();
  const images = useQuery(ask('GET /firmware'));
  const sending = useWatched(imageUploads, (all) => all);
  const [started, setStarted] = useState<FirmwareImage | null>(null);
  return (
    <Section title={t('firmware.images')} plain>
      <ul className="cards" aria-label={t('firmware.sending')}>
        {sending.map((upload) => (
          <Sending key={upload.key} upload={upload} />
        ))}
      </ul>
      <Answered of={images} rows={3} height={84}>
        {(data) =>
          data.length === 0 && sending.length === 0 ? (
            <Empty text={t('firmware.noImages')}>{add}</Empty>
          ) : (
            <ul className="cards" aria-label={t('firmware.images')}>
              {data.map((image) => (
                <ImageRow key={image.id} image={image} start={() => setStarted(image)} />
              ))}
            </ul>
          )
        }
      </Answered>
      {started !== null && <RolloutForm image={started} close={() => setStarted(null)} />}
    </Section>
  );
}

function Sending({ upload }: { upload: ImageUpload }) {
  const { t } = useTranslation();
  const format = useFormat();
  const textOf = useProblemText();
  return (
    <li className="card">
      <div className="card-main">
        <span className="card-title">{upload.title}</span>
        {upload.error === null ? (
          <>
            <span className="dim num" role="status">
              {t('library.sending', { sent: format.bytes(upload.sent), all: format.bytes(upload.bytes) })}
            </span>
            <Progress
              value={upload.bytes === 0 ? 0 : (upload.sent / upload.bytes) * 100}
              aria-label={t('library.sendingLabel', { name: upload.title })}
            />
          </>
        ) : (
          <span className="refusal" role="alert">
            {textOf(upload.error)}
          </span>
        )}
      </div>
      <div className="card-actions">
        <Button
          variant="default"
          onClick={upload.error === null ? upload.abort : () => forgetImage(upload.key)}
        >
          {t(upload.error === null ? 'action.cancel' : 'action.close')}
        </Button>
      </div>
    </li>
  );
}

function ImageRow({ image, start }: { image: FirmwareImage; start: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const may = useMay('technician');
  const [removing, setRemoving] = useState(false);
  return (
    <li className="card">
      <div className="card-main">
        <span className="card-title">
          {image.model} <span className="num">{image.version}</span>
        </span>
        {image.note !== '' && <span className="firmware-note">{image.note}</span>}
        <span className="dim num card-facts">
          <span>{format.bytes(image.bytes)}</span>
          <span>
            {image.createdBy === null
              ? format.moment(image.createdAt)
              : t('firmware.addedBy', { when: format.moment(image.createdAt), who: image.createdBy })}
          </span>
          <span className="mono" title={image.sha256}>
            {image.sha256.slice(0, 12)}
          </span>
        </span>
      </div>
      <div className="card-actions">
        <Button variant="default" leftSection={<IconPlayerPlay size={18} />} disabled={!may} onClick={start}>
          {t('firmware.rollOut')}
        </Button>
        <Menu position="bottom-end" shadow="md">
          <Menu.Target>
            <ActionIcon
              variant="subtle"
              color="gray"
              size={44}
              disabled={!may}
              aria-label={t('action.more', { name: `${image.model} ${image.version}` })}
            >
              <IconDots size={20} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconTrash size={18} />} color="red" onClick={() => setRemoving(true)}>
              {t('action.delete')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      {removing && <Removal image={image} close={() => setRemoving(false)} />}
    </li>
  );
}

/** An image is gone for good when it is deleted: it is asked for twice. */
function Removal({ image, close }: { image: FirmwareImage; close: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const say = useSay();
  const remove = useMutation({
    mutationFn: () => api('DELETE /firmware/{id}', { params: { id: image.id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['GET /firmware'] }),
    onError: say.failed,
    onSettled: close,
  });
  return (
    <Sure
      title={t('firmware.remove')}
      text={t('firmware.removeSure', { model: image.model, version: image.version })}
      no={t('firmware.no')}
      busy={remove.isPending}
      act={() => remove.mutate()}
      close={close}
    />
  );
}
