import { ActionIcon } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useSay } from '../../parts/undo.tsx';

/** An area or a group in its list; what cannot be removed has no `remove`. */
export function PlaceRow({
  of,
  name,
  devices,
  depth = 0,
  edit,
  remove,
}: {
  of: 'areas' | 'groups';
  name: string;
  /** How many devices stand in it. */
  devices: number;
  depth?: number;
  edit: () => void;
  remove: (() => Promise<unknown>) | null;
}) {
  const { t } = useTranslation();
  const say = useSay();
  const client = useQueryClient();
  const removal = useMutation({
    mutationFn: (run: () => Promise<unknown>) => run(),
    onSuccess: () => client.invalidateQueries({ queryKey: [`GET /${of}`] }),
    onError: say.failed,
  });
  return (
    <div className="place-row" style={{ paddingLeft: depth * 20 }}>
      <span>
        {name} <span className="dim num">· {t('count.devices', { count: devices })}</span>
      </span>
      <ActionIcon size={44} variant="subtle" aria-label={t(`${of}.edit`, { name })} onClick={edit}>
        <IconPencil size={18} />
      </ActionIcon>
      {remove !== null && (
        <ActionIcon
          size={44}
          variant="subtle"
          color="red"
          aria-label={t(`${of}.remove`, { name })}
          onClick={() => removal.mutate(remove)}
        >
          <IconTrash size={18} />
        </ActionIcon>
      )}
    </div>
  );
}
