import { useTranslation } from 'react-i18next';
import type { Reach } from '#controller/http/contract/broadcasts';

/** `58 cụm loa và 2 bảng tin` */
export function useAudienceWords(): (reach: Pick<Reach, 'devices' | 'boards'>) => string {
  const { t } = useTranslation();
  return ({ devices, boards }) => {
    const loud = t('count.speakers', { count: devices - boards });
    const shown = t('count.boards', { count: boards });
    if (boards === 0) return loud;
    return devices === boards ? shown : t('emergency.both', { loud, shown });
  };
}
