import { Button } from '@mantine/core';
import { IconMicrophone } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { permissionNow } from './obstacle.ts';

/** Says why the browser will ask, before it does. */
export function OpenButton({
  opening,
  disabled,
  open,
}: {
  opening: boolean;
  disabled: boolean;
  open: () => void;
}) {
  const { t } = useTranslation();
  const [granted, setGranted] = useState(false);
  useEffect(() => {
    void permissionNow().then((state) => setGranted(state === 'granted'));
  }, []);
  return (
    <div className="open-microphone">
      <p>{t(granted ? 'mic.whyGranted' : 'mic.why')}</p>
      <Button
        size="xl"
        fullWidth
        leftSection={<IconMicrophone size={26} />}
        loading={opening}
        disabled={disabled}
        onClick={open}
      >
        {t('mic.open')}
      </Button>
    </div>
  );
}
