import { type Canvas, createCanvas } from '@napi-rs/canvas';
import type { Size } from '#devices/render/brush';
import type { Scene } from '#devices/scene';
import type { Zone } from '#devices/scene/page';

/** 24/11/2026, 14:05 in Hà Nội. */
export const AFTERNOON = Date.UTC(2026, 10, 24, 7, 5);
export const PICTURE = 'a'.repeat(64);

const of = (item: Zone['item']): Scene => ({ v: 2, language: 'vi', pages: [{ zones: [{ item }] }] });
const OUTAGE =
  'Điện lực Ninh Bình thông báo: từ 7 giờ đến 16 giờ ngày 26/11/2026, ngừng cấp điện khu vực tổ dân phố 1, 2, 3 ' +
  'phường Phù Vân để sửa chữa đường dây.\nĐề nghị nhân dân chủ động sinh hoạt, sản xuất và bảo đảm an toàn.';
const TIDY = 'Đề nghị bà con phân loại rác tại nguồn, bỏ rác đúng giờ và đúng nơi quy định.';

/** What a ward puts on its boards, one of each kind. */
export const SCENES = {
  notice: of({ type: 'notice', heading: 'Lịch cắt điện', text: OUTAGE }),
  poster: of({ type: 'notice', text: 'Họp tổ dân phố 5\n19 giờ 30 tối nay' }),
  text: of({
    type: 'text',
    paragraphs: [
      { runs: [{ text: 'Tiêm chủng tháng 12', bold: true, colour: '#ffc933' }], align: 'center' },
      {
        runs: [
          { text: 'Cho trẻ dưới ' },
          { text: '24 tháng', bold: true },
          { text: ' tuổi, tại trạm y tế:' },
        ],
      },
      { bullet: true, runs: [{ text: 'Sáng thứ Hai: tổ 1, 2, 3' }] },
      { bullet: true, runs: [{ text: 'Chiều thứ Hai: tổ 4, 5, 6' }] },
      { bullet: true, runs: [{ text: 'Mang sổ tiêm chủng', colour: '#7fe3a0' }] },
    ],
  }),
  table: of({
    type: 'table',
    heading: 'Giá chợ Phù Vân hôm nay',
    head: true,
    rows: [
      ['Mặt hàng', 'Đơn vị', 'Giá'],
      ['Rau muống', 'mớ', '8.000'],
      ['Thịt lợn ba chỉ', 'kg', '135.000'],
      ['Cá rô đồng', 'kg', '90.000'],
      ['Gạo tám thơm', 'kg', '22.000'],
    ],
  }),
  ticker: of({ type: 'ticker', text: TIDY, linePx: 32 }),
  clock: of({ type: 'clock', show: 'time-date', utcOffsetMinutes: 420 }),
  tile: of({ type: 'tile', label: 'Nhiệt độ ngoài trời', value: '31', unit: '°C', icon: 'sun' }),
  emergency: of({
    type: 'emergency',
    level: 'red',
    heading: 'LŨ KHẨN CẤP',
    text: 'Nước sông Đáy vượt báo động 3. Bà con tổ dân phố 1, 2, 3 sơ tán ngay đến trường tiểu học Phù Vân.',
  }),
  drill: of({
    type: 'emergency',
    level: 'drill',
    heading: 'DIỄN TẬP báo động bão',
    text: 'Đây là diễn tập. Không cần sơ tán.',
  }),
  image: of({
    type: 'image',
    files: [{ sha256: PICTURE, bytes: 1, type: 'image/png', width: 192, height: 96 }],
    alt: 'Cánh đồng Phù Vân',
    fit: 'contain',
  }),
  zones: {
    v: 2,
    language: 'vi',
    grid: { width: 192, height: 96 },
    pages: [
      {
        zones: [
          {
            rectangle: { x: 0, y: 0, width: 64, height: 48 },
            item: { type: 'clock', show: 'time-date', utcOffsetMinutes: 420 },
          },
          {
            rectangle: { x: 64, y: 0, width: 128, height: 72 },
            item: {
              type: 'notice',
              heading: 'Hội nghị',
              text: 'Tiếp xúc cử tri 8 giờ ngày 30/11 tại UBND phường',
            },
          },
          {
            rectangle: { x: 0, y: 48, width: 64, height: 24 },
            item: { type: 'tile', label: 'Ngoài trời', value: '31', unit: '°C', icon: 'rain' },
          },
          {
            rectangle: { x: 0, y: 72, width: 192, height: 24 },
            ground: '#002b55',
            item: { type: 'ticker', text: TIDY },
          },
        ],
      },
    ],
  },
} as const satisfies Record<string, Scene>;
export type SceneName = keyof typeof SCENES;

/** A field under the sun, drawn by whole pixels: it is not the same anywhere, and the same everywhere. */
export function field({ width, height }: Size): Canvas {
  const canvas = createCanvas(width, height);
  const brush = canvas.getContext('2d');
  const image = brush.createImageData(width, height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const sun = (x - width * 0.75) ** 2 + (y - height * 0.3) ** 2 < (height * 0.18) ** 2;
      const ground = y > height * 0.6 + (((x * 13) % 17) * height) / 300;
      const colour = sun
        ? [255, 208, 60]
        : ground
          ? [40, 110 + ((x + y) % 40), 30]
          : [60, 130, (200 - (y * 80) / height) | 0];
      image.data.set([...colour, 255], (y * width + x) * 4);
    }
  }
  brush.putImageData(image, 0, 0);
  return canvas;
}
