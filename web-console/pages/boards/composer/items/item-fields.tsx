import { useTranslation } from 'react-i18next';
import { type ComposedType, isBlank, turnedInto } from '../model/items.ts';
import { useComposer } from '../use-composer.tsx';
import { ClockFields } from './clock-fields.tsx';
import { ImageFields } from './image-fields.tsx';
import { ImagesFields } from './images-fields.tsx';
import { KindPicker } from './kind-picker.tsx';
import { LookFields } from './look-fields.tsx';
import { NoticeFields } from './notice-fields.tsx';
import { TableFields } from './table-fields.tsx';
import { TextFields } from './text-fields.tsx';
import { TickerFields } from './ticker-fields.tsx';
import { TileFields } from './tile-fields.tsx';
import { VideoFields } from './video-fields.tsx';
import './items.css';

/** What stands in the chosen zone: what kind it is, what it says, how it looks. */
export function ItemFields() {
  const { t } = useTranslation();
  const { zone, editItem, announce } = useComposer();
  const { item } = zone;
  const turn = (type: ComposedType) => {
    if (type === item.type) return;
    editItem((before) => turnedInto(before, type));
    announce(t('compose.turnedInto', { item: t(`compose.item.${type}`) }));
  };
  return (
    <>
      <KindPicker value={item.type} onChange={turn} quiet={!isBlank(item)} />
      <Words />
      <LookFields />
    </>
  );
}

function Words() {
  const { zone } = useComposer();
  const { item } = zone;
  switch (item.type) {
    case 'notice':
      return <NoticeFields item={item} />;
    case 'text':
      return <TextFields item={item} />;
    case 'table':
      return <TableFields item={item} />;
    case 'ticker':
      return <TickerFields item={item} />;
    case 'clock':
      return <ClockFields item={item} />;
    case 'tile':
      return <TileFields item={item} />;
    case 'image':
      return <ImageFields item={item} />;
    case 'images':
      return <ImagesFields item={item} />;
    case 'video':
      return <VideoFields item={item} />;
    case 'emergency':
      return null;
  }
}
