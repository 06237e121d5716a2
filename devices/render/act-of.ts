import type { SceneItem } from '../scene/item.ts';
import type { Act, Place } from './act.ts';
import { setClock } from './clock.ts';
import { setEmergency } from './emergency.ts';
import { setFilm } from './film.ts';
import { setNotice } from './notice.ts';
import { setImage, setImages } from './picture.ts';
import { setRichText } from './rich-text.ts';
import { setTable } from './table.ts';
import { setTicker } from './ticker.ts';
import { setTile } from './tile.ts';

/** Sets an item in a zone. Pure, and the only part that takes time: drawing comes afterwards. */
export function actOf(item: SceneItem, place: Place): Act {
  switch (item.type) {
    case 'notice':
      return setNotice(item, place);
    case 'text':
      return setRichText(item, place);
    case 'table':
      return setTable(item, place);
    case 'image':
      return setImage(item, place);
    case 'images':
      return setImages(item, place);
    case 'video':
      return setFilm(item, place);
    case 'ticker':
      return setTicker(item, place);
    case 'clock':
      return setClock(item, place);
    case 'tile':
      return setTile(item, place);
    case 'emergency':
      return setEmergency(item, place);
  }
}
