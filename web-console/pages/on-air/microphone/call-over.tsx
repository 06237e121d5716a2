import { Button } from '@mantine/core';
import { IconMicrophone } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { LiveSession } from '#controller/http/contract/live';
import { ask } from '../../../api/ask.ts';
import { useFormat } from '../../../words/format.ts';
import { callNow } from './call.ts';

/** What became of a call: why it ended, how long it was, where to hear it again. */
export function CallOver({ session: last }: { session: LiveSession }) {
  const { t } = useTranslation();
  const format = useFormat();
  // The recording comes some seconds after the last word, and the controller knows better why it ended.
  const { data: session = last } = useQuery({
    ...ask('GET /live/{id}', { params: { id: last.id } }),
    refetchInterval: ({ state: { data } }) => {
      const neverHeard = data?.state === 'ended' && data.onAirAt === null;
      return data?.recordingAssetId == null && !neverHeard ? 2_000 : false;
    },
  });
  const { end, onAirAt, endedAt, recordingAssetId, title } = session;
  const heard = onAirAt !== null && endedAt !== null && endedAt > onAirAt;
  const why = end ?? last.end;
  return (
    <div className="call-over">
      <h3>{t('mic.ended')}</h3>
      <p>
        {why !== null && t(`mic.endedWhy.${why}`)}{' '}
        {heard ? t('mic.lasted', { span: format.span(endedAt - onAirAt) }) : t('mic.notHeard')}
      </p>
      <div className="call-links">
        {recordingAssetId !== null ? (
          <Link to="/library" search={{ tab: 'sounds', asset: recordingAssetId }}>
            {t('mic.recording')}
          </Link>
        ) : (
          heard && <span className="dim">{t('mic.recordingSoon')}</span>
        )}
        {heard && (
          <Link
            to="/log"
            search={{
              search: title,
              from: format.place.dateOf(onAirAt),
              to: format.place.dateOf(onAirAt),
            }}
          >
            {t('mic.log')}
          </Link>
        )}
      </div>
      <Button
        size="lg"
        fullWidth
        leftSection={<IconMicrophone size={22} />}
        onClick={() => callNow.set(null)}
      >
        {t('mic.again')}
      </Button>
    </div>
  );
}
