import { ActionIcon, Button, NumberInput, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { AlertFeed } from '#controller/http/contract/alerts';
import type { CapPolicy } from '#controller/http/contract/policies';
import { ask } from '../../../api/ask.ts';
import { Shape } from '../../../parts/mark.tsx';
import { useFormat } from '../../../words/format.ts';
import { isWebAddress } from '../addresses.ts';

type List = CapPolicy['feeds'];

const EVERY_MS = 30_000;

/** Feeds that are looked at by the clock, and how that went the last time. */
export function Feeds({
  feeds,
  change,
  disabled,
}: {
  feeds: List;
  change: (feeds: List) => void;
  disabled: boolean;
}) {
  const { t } = useTranslation();
  const polled = useQuery({ ...ask('GET /alert-feeds'), refetchInterval: EVERY_MS }).data ?? [];
  const put = (place: number, next: Partial<List[number]>) =>
    change(feeds.map((feed, index) => (index === place ? { ...feed, ...next } : feed)));
  return (
    <div className="policy-block">
      <h3>{t('capPolicy.feeds')}</h3>
      <p className="hint">{t('capPolicy.feedsHint')}</p>
      {feeds.map(({ url, everySeconds }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: its address is being typed
        <div key={index} className="cap-feed">
          <TextInput
            label={t('capPolicy.feed')}
            placeholder="https://…/alerts.atom"
            type="url"
            inputMode="url"
            value={url}
            onChange={(event) => put(index, { url: event.currentTarget.value.trim() })}
            error={url !== '' && !isWebAddress(url) && t('capPolicy.feedWrong')}
            maxLength={1_000}
          />
          <NumberInput
            label={t('capPolicy.every')}
            value={everySeconds}
            onChange={(seconds) => typeof seconds === 'number' && put(index, { everySeconds: seconds })}
            min={15}
            max={3_600}
            allowDecimal={false}
            suffix={t('speechPolicy.seconds')}
            disabled={disabled}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size={44}
            disabled={disabled}
            aria-label={t('capPolicy.takeFeed', { url })}
            onClick={() => change(feeds.filter((_, place) => place !== index))}
          >
            <IconX size={16} />
          </ActionIcon>
          <FeedState feed={polled.find((one) => one.url === url)} />
        </div>
      ))}
      <div>
        <Button
          variant="default"
          leftSection={<IconPlus size={16} />}
          disabled={disabled || feeds.length >= 20}
          onClick={() => change([...feeds, { url: '', everySeconds: 60 }])}
        >
          {t('capPolicy.addFeed')}
        </Button>
      </div>
    </div>
  );
}

/** How the last reading went; nothing while it was not read yet. */
function FeedState({ feed }: { feed: AlertFeed | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (feed === undefined || feed.checkedAt === null) return null;
  const well = feed.trouble === null;
  return (
    <p className="mark cap-feed-state" data-tone={well ? 'good' : 'bad'}>
      <Shape shape={well ? 'full' : 'triangle'} tone={well ? 'good' : 'bad'} />
      <span>
        {well
          ? t('capPolicy.feedRead', { when: format.moment(feed.checkedAt) })
          : t('capPolicy.feedFailed', { when: format.moment(feed.checkedAt), trouble: feed.trouble })}
        {!well && feed.goodAt !== null && ` ${t('capPolicy.feedGood', { when: format.moment(feed.goodAt) })}`}
      </span>
    </p>
  );
}
