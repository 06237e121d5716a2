import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Area } from '#controller/http/contract/areas';
import { ask } from '../../api/ask.ts';

/** The tree as lines, children under their parents and set in. */
export function inTree(areas: readonly Area[]): { area: Area; depth: number }[] {
  const below = new Map<string | null, Area[]>();
  const known = new Set(areas.map(({ id }) => id));
  for (const area of areas) {
    const parent = area.parentId !== null && known.has(area.parentId) ? area.parentId : null;
    below.set(parent, [...(below.get(parent) ?? []), area]);
  }
  const lines: { area: Area; depth: number }[] = [];
  const walk = (parent: string | null, depth: number) => {
    for (const area of below.get(parent) ?? []) {
      lines.push({ area, depth });
      walk(area.id, depth + 1);
    }
  };
  walk(null, 0);
  return lines;
}

export function AreaSelect({
  value,
  onChange,
  label,
  except,
}: {
  value: string | null;
  onChange: (area: string | null) => void;
  label?: string;
  except?: string;
}) {
  const { t } = useTranslation();
  const { data } = useQuery(ask('GET /areas'));
  const lines = useMemo(() => inTree(data ?? []).filter(({ area }) => area.id !== except), [data, except]);
  const depths = new Map(lines.map(({ area, depth }) => [area.id, depth]));
  const options = lines.map(({ area }) => ({ value: area.id, label: area.name }));
  return (
    <Select
      {...(label === undefined ? { 'aria-label': t('devices.area') } : { label })}
      placeholder={t(label === undefined ? 'devices.allAreas' : 'devices.noArea')}
      data={options}
      value={value}
      onChange={onChange}
      clearable
      clearButtonProps={{ 'aria-label': t('action.clear') }}
      searchable={options.length > 12}
      renderOption={({ option }) => (
        <span style={{ paddingInlineStart: (depths.get(option.value) ?? 0) * 16 }}>{option.label}</span>
      )}
      nothingFoundMessage={t('state.nothingFound')}
      comboboxProps={{ width: 'max-content', position: 'bottom-start' }}
    />
  );
}

export function KindSelect({
  value,
  onChange,
}: {
  value: 'speaker' | 'board' | null;
  onChange: (kind: 'speaker' | 'board' | null) => void;
}) {
  const { t } = useTranslation();
  return (
    <Select
      aria-label={t('devices.kind')}
      placeholder={t('devices.allKinds')}
      data={(['speaker', 'board'] as const).map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
      value={value}
      onChange={(kind) => onChange(kind === 'speaker' || kind === 'board' ? kind : null)}
      clearable
      clearButtonProps={{ 'aria-label': t('action.clear') }}
    />
  );
}
