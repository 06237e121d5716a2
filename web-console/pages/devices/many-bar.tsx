import { Button } from '@mantine/core';
import { IconAdjustments } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { DeviceSummary } from '#controller/http/contract/devices';

/** Above the rows while several are chosen: how many they are, and what can be done with them. */
export function ManyBar({
  chosen,
  all,
  choose,
  open,
}: {
  chosen: ReadonlySet<string>;
  all: readonly DeviceSummary[];
  choose: (chosen: ReadonlySet<string>) => void;
  open: () => void;
}) {
  const { t } = useTranslation();
  const whole = chosen.size === all.length;
  return (
    <div className="many-bar">
      <strong className="num" role="status">
        {t('many.selected', { count: chosen.size })}
      </strong>
      <Button variant="subtle" onClick={() => choose(new Set(whole ? [] : all.map(({ id }) => id)))}>
        {whole ? t('many.none') : t('many.all', { count: all.length })}
      </Button>
      <Button leftSection={<IconAdjustments size={18} />} disabled={chosen.size === 0} onClick={open}>
        {t('many.settings')}
      </Button>
    </div>
  );
}
