import { ActionIcon, Button, NumberInput, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { CapPolicy } from '#controller/http/contract/policies';
import { isWebAddress } from '../addresses.ts';

type List = CapPolicy['feeds'];

/** Feeds that are looked at by the clock. */
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
