import type { Scene } from '#devices/scene';

const GRID = { width: 192, height: 96 };
const YELLOW = '#ffc933';
const NIGHT_BLUE = '#0a1e3c';

const head: Scene['pages'][number]['zones'] = [
  {
    rectangle: { x: 0, y: 0, width: 136, height: 22 },
    ground: NIGHT_BLUE,
    item: {
      type: 'text',
      paragraphs: [{ runs: [{ text: 'Phường Phù Vân', bold: true }] }],
      colour: YELLOW,
      linePx: 20,
    },
  },
  {
    rectangle: { x: 136, y: 0, width: 56, height: 22 },
    ground: NIGHT_BLUE,
    item: { type: 'clock', show: 'time', utcOffsetMinutes: 420, linePx: 20, align: 'end' },
  },
];

/** What the demo's board shows: a head with the time, what is to be done, and the day's figures over a line that runs. */
export const COMPOSED: Scene = {
  v: 2,
  language: 'vi',
  grid: GRID,
  pages: [
    {
      dwellMs: 10_000,
      zones: [
        ...head,
        {
          rectangle: { x: 0, y: 22, width: 192, height: 74 },
          item: {
            type: 'notice',
            heading: 'Tổng vệ sinh',
            text: 'Thứ Bảy, 6 giờ 30. Mỗi nhà một người.',
          },
        },
      ],
    },
    {
      dwellMs: 21_000,
      zones: [
        ...head,
        {
          rectangle: { x: 0, y: 22, width: 96, height: 50 },
          item: { type: 'tile', label: 'Ngoài trời', value: '27', unit: '°C', icon: 'sun' },
        },
        {
          rectangle: { x: 96, y: 22, width: 96, height: 50 },
          item: { type: 'tile', label: 'Không khí', value: '62', icon: 'air' },
        },
        {
          rectangle: { x: 0, y: 72, width: 192, height: 24 },
          ground: NIGHT_BLUE,
          item: {
            type: 'ticker',
            text: 'Tiêm chủng mở rộng tại trạm y tế từ 7 giờ 30 đến 11 giờ, thứ Năm hằng tuần.',
            linePx: 20,
          },
        },
      ],
    },
  ],
};
