import { Anchor, Button } from '@mantine/core';
import { IconArrowLeft, IconUpload } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../api/session.ts';
import { Empty } from '../../parts/empty.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import './firmware.css';
import { ImageForm } from './image-form.tsx';
import { Images } from './images.tsx';
import { Rollouts } from './rollouts.tsx';

/** What devices run: images, and how they are brought to the devices, a few first. */
export function Firmware() {
  const { t } = useTranslation();
  const may = useMay('technician');
  const [adding, setAdding] = useState(false);
  const add = (
    <Button leftSection={<IconUpload size={18} />} disabled={!may} onClick={() => setAdding(true)}>
      {t('firmware.add')}
    </Button>
  );
  return (
    <>
      <Anchor className="firmware-back" renderRoot={(props) => <Link to="/devices" {...props} />}>
        <IconArrowLeft size={18} aria-hidden /> {t('nav.devices')}
      </Anchor>
      <PageHead title={t('firmware.title')} note={t('firmware.note')}>
        {add}
      </PageHead>
      {may ? (
        <div className="firmware-columns">
          <Rollouts />
          <Images add={add} />
        </div>
      ) : (
        <Empty text={t('problem.not-allowed')} />
      )}
      {adding && <ImageForm close={() => setAdding(false)} />}
    </>
  );
}
