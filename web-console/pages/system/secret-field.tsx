import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SecretName } from '#controller/http/contract/policies';
import { ask } from '../../api/ask.ts';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { useProblemText } from '../../parts/problem.tsx';
import { useSay } from '../../parts/undo.tsx';
import { useFormat } from '../../words/format.ts';

const LEAST = 16;
const BYTES = 32;

const random = (): string =>
  [...crypto.getRandomValues(new Uint8Array(BYTES))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');

/** A key that goes in and never comes out: whether it is set, since when, by whom; a new one; none. */
export function SecretField({
  name,
  label,
  hint,
  makes = false,
}: {
  name: SecretName;
  label: string;
  hint: string;
  /** Whether this site makes it up and gives it to the other side. */
  makes?: boolean;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const say = useSay();
  const textOf = useProblemText();
  const may = useMay('administrator');
  const secrets = useQuery({ ...ask('GET /secrets'), enabled: may });
  const known = secrets.data?.find((secret) => secret.name === name);
  const [typed, setTyped] = useState('');
  const [tried, setTried] = useState(false);
  const [made, setMade] = useState(false);
  const save = useMutation({
    mutationFn: (value: string | null) => api('PUT /secrets/{name}', { params: { name }, body: { value } }),
    onSuccess: async (_, value) => {
      await client.invalidateQueries({ queryKey: ['GET /secrets'] });
      setTyped('');
      setTried(false);
      setMade(false);
      say.done(t(value === null ? 'secret.forgotten' : 'secret.kept'));
    },
  });
  if (!may) return <p className="hint">{t('secret.hidden', { label })}</p>;
  const short = typed.length < LEAST;
  const error =
    tried && short ? t('secret.short', { count: LEAST }) : save.isError ? textOf(save.error) : false;
  return (
    <div className="secret">
      <p className="secret-state">
        <strong>{label}:</strong>{' '}
        <span className="num">
          {known === undefined
            ? t('state.unknown')
            : known.set && known.updatedAt !== null
              ? t('secret.set', {
                  when: format.moment(known.updatedAt),
                  who: known.updatedBy ?? t('state.unknown'),
                })
              : t('secret.unset')}
        </span>
      </p>
      <div className="secret-row">
        {made ? (
          <TextInput
            label={t('secret.made')}
            description={t('secret.madeHint')}
            value={typed}
            readOnly
            className="grow mono-input"
            onFocus={(event) => event.currentTarget.select()}
          />
        ) : (
          <PasswordInput
            label={t(known?.set === true ? 'secret.replace' : 'secret.enter')}
            description={hint}
            value={typed}
            autoComplete="off"
            onChange={(event) => setTyped(event.currentTarget.value)}
            error={error}
            maxLength={1_000}
            visibilityToggleButtonProps={{ 'aria-label': t('secret.show') }}
            className="grow"
          />
        )}
      </div>
      <div className="page-actions">
        <Button
          variant="default"
          disabled={typed === ''}
          loading={save.isPending}
          onClick={() => {
            setTried(true);
            if (!short) save.mutate(typed);
          }}
        >
          {t('secret.save')}
        </Button>
        {makes && !made && (
          <Button
            variant="subtle"
            onClick={() => {
              setTyped(random());
              setMade(true);
            }}
          >
            {t('secret.make')}
          </Button>
        )}
        {known?.set === true && (
          <Button variant="subtle" color="red" onClick={() => save.mutate(null)}>
            {t('secret.forget')}
          </Button>
        )}
      </div>
    </div>
  );
}
