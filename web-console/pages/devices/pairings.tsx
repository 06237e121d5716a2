import { Button, Modal, Stack, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Pairing } from '#controller/http/contract/devices';
import { ask } from '../../api/ask.ts';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { useSay } from '../../parts/undo.tsx';
import { useFormat } from '../../words/format.ts';
import './pairings.css';
import { AreaSelect } from './selects.tsx';

/** Devices at the door. Letting one in takes a look at the code on the device itself. */
export function Pairings() {
  const may = useMay('technician');
  const { t } = useTranslation();
  const pairings = useQuery({ ...ask('GET /pairings'), enabled: may, refetchInterval: 15_000 });
  const [chosen, setChosen] = useState<Pairing | null>(null);
  return (
    <div aria-live="polite">
      {(pairings.data?.length ?? 0) > 0 && (
        <section className="pairings" aria-label={t('pairing.title')}>
          {pairings.data?.map((pairing) => (
            <Waiting key={pairing.id} pairing={pairing} choose={() => setChosen(pairing)} />
          ))}
        </section>
      )}
      <Modal
        opened={chosen !== null}
        onClose={() => setChosen(null)}
        title={t('pairing.approveTitle')}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        {chosen !== null && <Approval pairing={chosen} close={() => setChosen(null)} />}
      </Modal>
    </div>
  );
}

function Waiting({ pairing, choose }: { pairing: Pairing; choose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const say = useSay();
  const client = useQueryClient();
  const refuse = useMutation({
    mutationFn: () => api('POST /pairings/{id}/refuse', { params: { id: pairing.id } }),
    onSuccess: () => {
      say.done(t('pairing.refused', { model: pairing.model }));
      void client.invalidateQueries({ queryKey: ['GET /pairings'] });
    },
    onError: say.failed,
  });
  return (
    <article className="pairing">
      <span className="pairing-code" role="img" aria-label={t('pairing.code', { code: pairing.code })}>
        {pairing.code}
      </span>
      <span className="pairing-what">
        <strong>{t('pairing.asks', { kind: t(`kind.${pairing.kind}`), model: pairing.model })}</strong>
        <span className="dim">
          {t('pairing.serial', { serial: pairing.serial })} ·{' '}
          {t('pairing.until', { time: format.moment(pairing.expiresAt) })}
        </span>
        {pairing.replaces !== null && <span>{t('pairing.replaces', { name: pairing.replaces.name })}</span>}
      </span>
      <span className="pairing-actions">
        <Button variant="default" onClick={() => refuse.mutate()} loading={refuse.isPending}>
          {t('pairing.refuse')}
        </Button>
        <Button onClick={choose}>{t('pairing.compare')}</Button>
      </span>
    </article>
  );
}

function Approval({ pairing, close }: { pairing: Pairing; close: () => void }) {
  const { t } = useTranslation();
  const say = useSay();
  const client = useQueryClient();
  const [name, setName] = useState(pairing.replaces?.name ?? '');
  const [area, setArea] = useState<string | null>(null);
  const approve = useMutation({
    mutationFn: () =>
      api('POST /pairings/{id}/approve', {
        params: { id: pairing.id },
        body: { name: name.trim(), areaId: area },
      }),
    onSuccess: () => {
      say.done(t('pairing.approved', { name }));
      void client.invalidateQueries();
      close();
    },
    onError: say.failed,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    approve.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <div>
          {t('pairing.same')}
          <div className="pairing-code">{pairing.code}</div>
        </div>
        <TextInput
          label={t('pairing.name')}
          placeholder={t('pairing.namePlaceholder')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          required
          data-autofocus
          maxLength={200}
        />
        <AreaSelect label={t('devices.area')} value={area} onChange={setArea} />
        <Button type="submit" loading={approve.isPending} disabled={name.trim() === ''}>
          {t('pairing.approve')}
        </Button>
      </Stack>
    </form>
  );
}
