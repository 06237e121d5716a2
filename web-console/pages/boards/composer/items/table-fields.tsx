import { ActionIcon, Button, Checkbox, TextInput } from '@mantine/core';
import { IconColumnInsertRight, IconColumnRemove, IconPlus, IconX } from '@tabler/icons-react';
import type { ClipboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { without } from '../model/edits.ts';
import type { ItemOf } from '../model/items.ts';
import { rowsOfText } from '../paste/rows.ts';
import { useComposer } from '../use-composer.tsx';

const MOST_ROWS = 60;
const MOST_COLUMNS = 6;

/** A price list or a duty roster, cell by cell; rows of a spreadsheet can be pasted in. */
export function TableFields({ item }: { item: ItemOf<'table'> }) {
  const { t } = useTranslation();
  const { editItem } = useComposer();
  const columns = Math.max(1, ...item.rows.map(({ length }) => length));
  const rows = item.rows.map((row) => [...row, ...Array<string>(columns - row.length).fill('')]);
  const put = (next: string[][], key?: string) => editItem(() => ({ ...item, rows: next }), key);
  const paste = (event: ClipboardEvent, at: number, column: number) => {
    const found = rowsOfText(event.clipboardData.getData('text/plain'));
    if (found === null) return;
    event.preventDefault();
    const wide = Math.min(
      MOST_COLUMNS,
      Math.max(columns, column + Math.max(...found.map((row) => row.length))),
    );
    const grown = Array.from(
      { length: Math.min(MOST_ROWS, Math.max(rows.length, at + found.length)) },
      (_, r) => Array.from({ length: wide }, (_cell, c) => found[r - at]?.[c - column] ?? rows[r]?.[c] ?? ''),
    );
    put(grown);
  };
  return (
    <>
      <TextInput
        label={t('compose.heading')}
        value={item.heading ?? ''}
        maxLength={200}
        onChange={(event) => {
          const heading = event.currentTarget.value;
          editItem(() => (heading === '' ? without(item, 'heading') : { ...item, heading }), 'heading');
        }}
      />
      <fieldset className="plain-group table-fields" aria-label={t('compose.rows')}>
        {rows.map((row, at) => (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: a row has no other name than its place
            key={at}
            className="table-row"
            style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr)) 36px` }}
            data-head={item.head === true && at === 0}
          >
            {row.map((cell, column) => (
              <input
                // biome-ignore lint/suspicious/noArrayIndexKey: nor has a cell
                key={column}
                className="table-cell"
                value={cell}
                maxLength={200}
                aria-label={t('compose.cell', { row: at + 1, column: column + 1 })}
                onPaste={(event) => paste(event, at, column)}
                onChange={(event) => {
                  const words = event.currentTarget.value;
                  put(
                    rows.map((other, r) =>
                      r === at ? other.map((before, c) => (c === column ? words : before)) : other,
                    ),
                    `cell ${at} ${column}`,
                  );
                }}
              />
            ))}
            <ActionIcon
              size={36}
              variant="subtle"
              color="gray"
              disabled={rows.length === 1}
              aria-label={t('compose.removeRow', { row: at + 1 })}
              onClick={() => put(rows.toSpliced(at, 1))}
            >
              <IconX size={16} />
            </ActionIcon>
          </div>
        ))}
      </fieldset>
      <div className="row-tools">
        <Button
          variant="default"
          leftSection={<IconPlus size={16} />}
          disabled={rows.length >= MOST_ROWS}
          onClick={() => put([...rows, Array<string>(columns).fill('')])}
        >
          {t('compose.addRow')}
        </Button>
        <ActionIcon
          size={44}
          variant="default"
          aria-label={t('compose.addColumn')}
          disabled={columns >= MOST_COLUMNS}
          onClick={() => put(rows.map((row) => [...row, '']))}
        >
          <IconColumnInsertRight size={20} />
        </ActionIcon>
        <ActionIcon
          size={44}
          variant="default"
          aria-label={t('compose.removeColumn')}
          disabled={columns <= 1}
          onClick={() => put(rows.map((row) => row.slice(0, -1)))}
        >
          <IconColumnRemove size={20} />
        </ActionIcon>
      </div>
      <Checkbox
        label={t('compose.head')}
        checked={item.head === true}
        onChange={(event) => {
          const head = event.currentTarget.checked;
          editItem(() => (head ? { ...item, head: true } : without(item, 'head')));
        }}
      />
    </>
  );
}
