import type { Grid } from '#devices/scene';
import type { Rectangle, ScenePage } from '#devices/scene/page';
import { type LayoutName, rectanglesOf } from './model/layouts.ts';
import type { TemplateName } from './model/template-names.ts';

/** The sample words of the templates, by their keys under `compose.sample`. */
export type SampleKey = keyof typeof import('../../../words/vi.json')['compose']['sample'];
export type Say = (key: SampleKey) => string;

const tall = ({ width, height }: Grid) => height > width;
/** Boards that have no room for a second zone. */
const small = ({ height }: Grid) => height < 64;
const placed = (name: LayoutName, grid: Grid) => {
  const places = rectanglesOf(name, grid);
  return (index: number): { rectangle?: Rectangle } => {
    const rectangle = places[index] ?? null;
    return rectangle === null ? {} : { rectangle };
  };
};

const clock = { type: 'clock', show: 'time-date', utcOffsetMinutes: 420 } as const;

/** What the pages of each template hold. The words are samples: they are to be written over, and not published as they are. */
const PAGES: Record<TemplateName, (say: Say, grid: Grid) => ScenePage[]> = {
  notice: (say, grid) => {
    const item = { type: 'notice', heading: say('noticeHeading'), text: say('noticeText') } as const;
    if (!tall(grid)) return [{ zones: [{ item }] }];
    const at = placed('ticker', grid);
    return [
      {
        zones: [
          { ...at(0), item },
          { ...at(1), ground: '#0b2a5b', item: clock },
        ],
      },
    ];
  },
  event: (say, grid) => {
    const item = { type: 'notice', heading: say('eventHeading'), text: say('eventText') } as const;
    const invitation = { type: 'ticker', text: say('eventTicker') } as const;
    if (small(grid)) return [{ zones: [{ item }] }, { zones: [{ item: invitation }] }];
    const at = placed('ticker', grid);
    return [
      {
        ground: '#0b2a5b',
        zones: [
          { ...at(0), ground: '#0b2a5b', item },
          { ...at(1), item: invitation },
        ],
      },
    ];
  },
  warning: (say) => [
    {
      ground: '#7a1010',
      zones: [
        {
          ground: '#7a1010',
          item: { type: 'notice', heading: say('warningHeading'), text: say('warningText') },
        },
      ],
    },
  ],
  prices: (say) => [
    {
      zones: [
        {
          item: {
            type: 'table',
            heading: say('pricesHeading'),
            head: true,
            rows: rowsOf(say('pricesRows')),
          },
        },
      ],
    },
  ],
  duty: (say) => [
    {
      zones: [
        {
          item: { type: 'table', heading: say('dutyHeading'), head: true, rows: rowsOf(say('dutyRows')) },
        },
      ],
    },
  ],
  empty: () => [{ zones: [{ item: { type: 'notice', text: '' } }] }],
};

/** Rows by line, cells by bar. */
const rowsOf = (written: string): string[][] => written.split('\n').map((row) => row.split('|'));

export const pagesOf = (name: TemplateName, say: Say, grid: Grid): ScenePage[] => PAGES[name](say, grid);
