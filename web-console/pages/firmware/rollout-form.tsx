import { Alert, Button, Drawer, NumberInput, Radio, Stack } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FirmwareImage, FirmwareReach } from '#controller/http/contract/firmware';
import { ask } from '../../api/ask.ts';
import { api } from '../../api/client.ts';
import { Answered } from '../../parts/answer.tsx';
import { useProblemText } from '../../parts/problem.tsx';

/** How carefully: the shares of the devices that each stage ends with; 0 is one device. */
const WAYS = { careful: [0, 5, 25, 100], usual: [0, 10, 100], few: [0], all: [100] } as const;
type Way = keyof typeof WAYS;
const ways = Object.keys(WAYS) as Way[];

/** Before an image goes out: to how many devices, in which stages, spelled out, and what stops it. */
export function RolloutForm({ image, close }: { image: FirmwareImage; close: () => void }) {
  const { t } = useTranslation();
  const textOf = useProblemText();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [way, setWay] = useState<Way>('usual');
  const [limit, setLimit] = useState<number | string>(10);
  const stages = [...WAYS[way]];
  const reach = useQuery({
    ...ask('GET /firmware/{id}/reach', { params: { id: image.id }, query: { stages: stages.join(',') } }),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
  const begin = useMutation({
    mutationFn: () =>
      api('POST /rollouts', {
        body: { image: image.id, stages, failureLimitPercent: typeof limit === 'number' ? limit : 10 },
      }),
    onSuccess: (rollout) => {
      void client.invalidateQueries({ queryKey: ['GET /rollouts'] });
      close();
      return navigate({ to: '/devices/firmware/$id', params: { id: rollout.id } });
    },
  });
  return (
    <Drawer
      opened
      onClose={close}
      size="md"
      title={t('firmware.rollOutTitle', { model: image.model, version: image.version })}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <Stack>
        <div role="alert">
          {begin.isError && (
            <Alert color="red" variant="light">
              {textOf(begin.error)}
            </Alert>
          )}
        </div>
        <Radio.Group
          label={t('firmware.how')}
          value={way}
          onChange={(value) => setWay(ways.find((known) => known === value) ?? 'usual')}
        >
          <div className="firmware-ways">
            {ways.map((name) => (
              <Radio
                key={name}
                value={name}
                label={t(`firmware.way.${name}`)}
                description={t(`firmware.wayHint.${name}`)}
              />
            ))}
          </div>
        </Radio.Group>
        <Answered of={reach} rows={1} height={132}>
          {(data) => <Reach reach={data} stages={stages} />}
        </Answered>
        <NumberInput
          label={t('firmware.limit')}
          description={t('firmware.limitHint')}
          value={limit}
          onChange={setLimit}
          min={0}
          max={100}
          suffix=" %"
          allowDecimal={false}
          clampBehavior="strict"
        />
        <Button
          leftSection={<IconPlayerPlay size={18} />}
          loading={begin.isPending}
          disabled={reach.data === undefined || reach.data.devices === 0}
          onClick={() => begin.mutate()}
        >
          {t('firmware.begin')}
        </Button>
      </Stack>
    </Drawer>
  );
}

function Reach({ reach, stages }: { reach: FirmwareReach; stages: readonly number[] }) {
  const { t } = useTranslation();
  const away = reach.devices - reach.online;
  return (
    <div className="firmware-reach" aria-live="polite">
      {reach.devices === 0 ? (
        <p>{t('firmware.reachNobody')}</p>
      ) : (
        <ol>
          {reach.stages.map((count, stage) => (
            <li key={stages[stage] ?? stage}>
              <span>{t('firmware.stage', { number: stage + 1 })}</span>
              <span className="num">
                {count === 0 ? t('firmware.stageEmpty') : t('count.devices', { count })}
              </span>
            </li>
          ))}
        </ol>
      )}
      {away > 0 && <p className="dim">{t('firmware.away', { count: away })}</p>}
      {reach.already > 0 && <p className="dim">{t('firmware.already', { count: reach.already })}</p>}
    </div>
  );
}
