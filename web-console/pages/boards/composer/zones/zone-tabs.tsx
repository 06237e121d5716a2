import { Button } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { addZone, MOST_ZONES, removeZone } from '../model/edits.ts';
import { emptyItem } from '../model/items.ts';
import { snapped } from '../model/rectangles.ts';
import { useComposer } from '../use-composer.tsx';

/** The zones of the page by name; the chosen one's fields stand below. */
export function ZoneTabs() {
  const { t } = useTranslation();
  const { composition, page, pageAt, zoneAt, select, edit, announce } = useComposer();
  const { grid } = composition;
  const add = () => {
    const rectangle = snapped(
      {
        x: Math.round(grid.width / 4),
        y: Math.round(grid.height / 2),
        width: Math.round(grid.width / 2),
        height: Math.round(grid.height / 3),
      },
      grid,
    );
    edit(addZone(pageAt, { rectangle, item: emptyItem('notice') }));
    select(pageAt, page.zones.length);
    announce(t('compose.zoneAdded'));
  };
  return (
    <div className="zone-tabs">
      <fieldset className="plain-group chips chips-scroll" aria-label={t('compose.zones')}>
        {page.zones.map(({ item }, index) => (
          <button
            // biome-ignore lint/suspicious/noArrayIndexKey: a zone has no other name than its place
            key={index}
            type="button"
            className="chip"
            aria-pressed={index === zoneAt}
            onClick={() => select(pageAt, index)}
          >
            <span className="num">{index + 1}</span> {t(`compose.item.${item.type}`)}
          </button>
        ))}
      </fieldset>
      <div className="zone-tools">
        <Button
          variant="subtle"
          size="compact-md"
          leftSection={<IconPlus size={16} />}
          onClick={add}
          disabled={page.zones.length >= MOST_ZONES}
        >
          {t('compose.addZone')}
        </Button>
        {page.zones.length > 1 && (
          <Button
            variant="subtle"
            color="red"
            size="compact-md"
            leftSection={<IconTrash size={16} />}
            onClick={() => {
              edit(removeZone(pageAt, zoneAt));
              announce(t('compose.zoneRemoved'));
            }}
          >
            {t('compose.removeZone')}
          </Button>
        )}
      </div>
    </div>
  );
}
