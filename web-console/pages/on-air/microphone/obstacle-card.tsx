import { Button } from '@mantine/core';
import { IconMicrophoneOff, IconRefresh, IconUpload } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Obstacle } from './obstacle.ts';

/** What stands in the way of the microphone, and what to do about it. */
export function ObstacleCard({ obstacle, retry }: { obstacle: Obstacle; retry: () => void }) {
  const { t } = useTranslation();
  const hopeless = obstacle === 'insecure' || obstacle === 'unsupported';
  return (
    <div className="obstacle" role="alert">
      <IconMicrophoneOff size={28} aria-hidden />
      <strong>{t(`mic.obstacle.${obstacle}`)}</strong>
      <p>{t(`mic.remedy.${obstacle}`)}</p>
      {hopeless ? (
        <Button
          variant="default"
          leftSection={<IconUpload size={18} />}
          renderRoot={(props) => <Link to="/library" {...props} />}
        >
          {t('mic.upload')}
        </Button>
      ) : (
        <Button variant="default" leftSection={<IconRefresh size={18} />} onClick={retry}>
          {t('action.retry')}
        </Button>
      )}
    </div>
  );
}
