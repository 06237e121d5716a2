import { z } from 'zod';
import { EpochMs } from '../primitives.ts';
import { FilmFile, PictureFile } from './file.ts';
import { Align, Colour, Paragraph } from './text.ts';

/** Height of a line's cell in pixels of the board; left out: the largest at which everything fits, and pages where nothing fits. */
const LinePx = z.number().int().min(8).max(1_000);
const line = { linePx: LinePx.optional(), colour: Colour.optional(), align: Align.optional() };
/**
 * Made by the controller of what the library holds, for the boards that there are; none while it is composed. A scene
 * that goes to a board has at least one.
 */
const Files = z.array(PictureFile).max(12);
/** What of the library it is: of meaning to who composes, not to a board. */
const visual = z.string().max(32).optional();
/** Read to whoever cannot see it, on the public web board; also what stands there if the picture is broken. */
const Alt = z.string().min(1).max(500);
const fit = z.enum(['contain', 'cover']);

/** A heading and a text, as large as they may be. */
export const NoticeItem = z.object({
  type: z.literal('notice'),
  heading: z.string().max(200).optional(),
  text: z.string().min(1).max(4_000),
  ...line,
});
/** Text of a document, in paragraphs; what does not fit goes on further pages. */
export const TextItem = z.object({
  type: z.literal('text'),
  paragraphs: z.array(Paragraph).min(1).max(200),
  ...line,
});
/** Rows of a price list or a duty roster; the columns are as wide as what stands in them. */
export const TableItem = z.object({
  type: z.literal('table'),
  heading: z.string().max(200).optional(),
  rows: z
    .array(z.array(z.string().max(200)).min(1).max(6))
    .min(1)
    .max(60),
  /** The first row names the columns. */
  head: z.literal(true).optional(),
  linePx: LinePx.optional(),
  colour: Colour.optional(),
});
export const ImageItem = z.object({ type: z.literal('image'), visual, files: Files, alt: Alt, fit });
/** One after the other, each for so long. */
export const ImagesItem = z.object({
  type: z.literal('images'),
  pictures: z
    .array(z.object({ visual, files: Files, alt: Alt }))
    .min(1)
    .max(30),
  eachMs: z.number().int().min(2_000).max(600_000),
  fit,
});
export const VideoItem = z.object({
  type: z.literal('video'),
  visual,
  files: z.array(FilmFile).max(12),
  durationMs: z.number().int().min(1).max(600_000),
  alt: Alt,
});
/** A line that runs from right to left by whole pixels; text that fits stands still. */
export const TickerItem = z.object({
  type: z.literal('ticker'),
  text: z.string().min(1).max(2_000),
  /** Pixels a second; the renderer keeps to whole pixels a frame. Left out: five characters a second, as fast as is read. */
  pixelsPerSecond: z.number().int().min(4).max(2_000).optional(),
  linePx: LinePx.optional(),
  colour: Colour.optional(),
});
/** Wall time. The offset is written out by the controller: a board knows no time zones. */
export const ClockItem = z.object({
  type: z.literal('clock'),
  show: z.enum(['time', 'date', 'time-date']),
  utcOffsetMinutes: z.number().int().min(-720).max(840),
  ...line,
});
/** One figure with its name: weather, air quality, a price. Once it is older than it may be, dashes stand in its place. */
export const TileItem = z.object({
  type: z.literal('tile'),
  label: z.string().min(1).max(80),
  value: z.string().min(1).max(40),
  unit: z.string().max(20).optional(),
  icon: z
    .enum(['sun', 'cloud', 'rain', 'storm', 'wind', 'heat', 'water', 'air', 'price', 'people'])
    .optional(),
  /** Epoch ms. */
  staleAt: EpochMs.optional(),
  colour: Colour.optional(),
});
/** Over the whole board, in the colours of its level; the words come from the incident that the loudspeakers sound. */
export const EmergencyItem = z.object({
  type: z.literal('emergency'),
  level: z.enum(['red', 'orange', 'yellow', 'drill']),
  heading: z.string().min(1).max(200),
  /** 2,000 letters, and above them in a drill the heading, which gives its place to the word that it is one. */
  text: z.string().max(2_201),
});

export const SceneItem = z.discriminatedUnion('type', [
  NoticeItem,
  TextItem,
  TableItem,
  ImageItem,
  ImagesItem,
  VideoItem,
  TickerItem,
  ClockItem,
  TileItem,
  EmergencyItem,
]);
export type SceneItem = z.infer<typeof SceneItem>;
