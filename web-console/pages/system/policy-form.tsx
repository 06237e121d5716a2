import { Button } from '@mantine/core';
import { IconDeviceFloppy } from '@tabler/icons-react';
import { type UseQueryResult, useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../api/session.ts';
import { Answered } from '../../parts/answer.tsx';
import { useProblemText } from '../../parts/problem.tsx';
import { Section } from '../../parts/section.tsx';
import { useSay } from '../../parts/undo.tsx';
import { useDraft } from '../../parts/use-draft.ts';
import { useFormat } from '../../words/format.ts';

interface View<T> {
  readonly value: T;
  readonly updatedAt: number | null;
  readonly updatedBy: string | null;
}
export interface Fields<T> {
  readonly value: T;
  readonly put: (change: Partial<T>) => void;
  readonly disabled: boolean;
  /** Whether saving was tried, so that what lacks is said. */
  readonly tried: boolean;
}
/** What was changed and not saved, and since which version of the policy. */
interface Kept<T> {
  value: T | null;
  base: number | null;
}
const NOTHING = { value: null, base: null };

/** One policy: read, changed as a whole, saved or put back. What was typed is kept on this machine until then. */
export function PolicyForm<T extends object>({
  name,
  title,
  means,
  of,
  write,
  lacks,
  children,
}: {
  name: string;
  title: string;
  /** What it is for, in plain words. */
  means: string;
  of: UseQueryResult<View<T>>;
  write: (value: T) => Promise<unknown>;
  /** What keeps it from being saved, in words. */
  lacks?: (value: T) => string | null;
  children: (fields: Fields<T>) => ReactNode;
}) {
  return (
    <Section title={title}>
      <div className="pad policy">
        <p className="policy-means">{means}</p>
        <Answered of={of} rows={4}>
          {(view) => (
            <Editing name={name} view={view} write={write} {...(lacks === undefined ? {} : { lacks })}>
              {children}
            </Editing>
          )}
        </Answered>
      </div>
    </Section>
  );
}

function Editing<T extends object>({
  name,
  view,
  write,
  lacks,
  children,
}: {
  name: string;
  view: View<T>;
  write: (value: T) => Promise<unknown>;
  lacks?: (value: T) => string | null;
  children: (fields: Fields<T>) => ReactNode;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const say = useSay();
  const textOf = useProblemText();
  const disabled = !useMay('administrator');
  const [kept, keep, forget] = useDraft<Kept<T>>(`policy-${name}`, NOTHING);
  const [tried, setTried] = useState(false);
  const value = disabled ? view.value : (kept.value ?? view.value);
  const changed = JSON.stringify(value) !== JSON.stringify(view.value);
  const missing = lacks?.(value) ?? null;
  const save = useMutation({
    mutationFn: () => write(value),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: [`GET /policies/${name}`] });
      forget();
      setTried(false);
      say.done(t('system.saved'));
    },
  });
  const back = () => {
    forget();
    setTried(false);
    save.reset();
  };
  return (
    <>
      <fieldset className="plain-group policy-fields" disabled={disabled}>
        {children({
          value,
          put: (change) =>
            keep({ value: { ...value, ...change }, base: kept.value === null ? view.updatedAt : kept.base }),
          disabled,
          tried,
        })}
      </fieldset>
      <p className="hint num">
        {view.updatedAt === null
          ? t('system.asDelivered')
          : t('system.changed', {
              when: format.moment(view.updatedAt),
              who: view.updatedBy ?? t('state.unknown'),
            })}
      </p>
      {changed && (
        <div className="policy-save">
          <div aria-live="polite">
            <strong>{t('system.unsaved')}</strong>
            {kept.base !== view.updatedAt && <span className="policy-lacks"> {t('system.meanwhile')}</span>}
            {tried && missing !== null && <p className="policy-lacks">{missing}</p>}
            {save.isError && <p className="policy-lacks">{textOf(save.error)}</p>}
          </div>
          <div className="page-actions">
            <Button variant="default" onClick={back}>
              {t('system.back')}
            </Button>
            <Button
              leftSection={<IconDeviceFloppy size={18} />}
              loading={save.isPending}
              onClick={() => {
                setTried(true);
                if (missing === null) save.mutate();
              }}
            >
              {t('action.save')}
            </Button>
          </div>
        </div>
      )}
    </>
  );
}
