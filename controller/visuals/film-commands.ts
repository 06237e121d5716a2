import { fenceOf, type MediaCommand } from '../media/commands.ts';
import { type Fit, placeOf } from './paint/fit-picture.ts';

/** The containers of films that may be opened, by ffmpeg's demuxer names; see `CONTAINERS` of `media/commands.ts`. */
const FILM_CONTAINERS = [
  'mov',
  'matroska',
  'avi',
  'mpegts',
  'mpeg',
  'mpegvideo',
  'flv',
  'asf',
  'ogg',
] as const;
export const FILM_FENCE = fenceOf([...FILM_CONTAINERS, 'webm']);

/** What ffprobe is asked about a film. */
export const FILM_ENTRIES =
  'format=format_name,duration:stream=index,codec_type,codec_name,width,height,sample_aspect_ratio,avg_frame_rate,' +
  'duration,nb_read_packets:stream_disposition=attached_pic:stream_tags=rotate:stream_side_data=rotation';

/** The names inside a job's directory. */
export const FILM_FILES = { film: 'film.webm', frame: 'frame.png', fields: 'fields.rgba' } as const;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Up to so many pixels across every pixel has its own colour; beyond, four share one, as in all films. */
const OWN_COLOURS_WIDTH = 640;
/** Bits a second for each pixel of a frame, as a ceiling; still pictures need far less. */
const BITS_PER_PIXEL = 0.12;
const LEAST_BITS = 400_000;

const input = (file: string): MediaCommand['input'] => ({
  options: [...FILM_FENCE, '-an', '-sn', '-dn'],
  file,
});

export interface FilmWish {
  /** Upright, square pixels: as it is meant to be seen. */
  readonly shown: Size;
  readonly size: Size;
  readonly fit: Fit;
  readonly framesPerSecond: number;
  readonly limitSeconds: number;
}

/**
 * A film as VP9 in WebM without sound, of exactly that size, opaque, black where it does not reach, at an even frame rate.
 * A key frame every two seconds: a board that begins in the middle does not wait.
 */
export function filmCommand(source: string, wish: FilmWish): MediaCommand {
  const { shown, size, fit, framesPerSecond, limitSeconds } = wish;
  const { crop, x, y, width, height } = placeOf(shown, size, fit);
  const own = size.width <= OWN_COLOURS_WIDTH;
  const layout = own ? 'yuv444p' : 'yuv420p';
  const bits = Math.max(LEAST_BITS, Math.round(size.width * size.height * framesPerSecond * BITS_PER_PIXEL));
  const steps = [
    'yadif=deint=interlaced',
    `scale=${shown.width}:${shown.height}:flags=fast_bilinear`,
    ...(fit === 'cover' ? [`crop=${whole(crop.width)}:${whole(crop.height)}`] : []),
    `fps=${framesPerSecond}`,
    `scale=${width}:${height}:flags=lanczos+accurate_rnd+full_chroma_int:out_color_matrix=bt709:out_range=tv`,
    `format=${layout}`,
    `pad=${size.width}:${size.height}:${x}:${y}:black`,
    'setsar=1',
  ];
  // Most films are upright with square pixels: then nothing needs to be done twice.
  const first = `scale=${shown.width}:${shown.height}:flags=fast_bilinear`;
  return {
    input: input(source),
    graph: `[0:v:0]${steps.filter((step) => fit === 'cover' || step !== first).join(',')}[out]`,
    outputs: [
      {
        options: [
          ...['-map', '[out]', '-codec:v', 'libvpx-vp9', '-pix_fmt', layout],
          ...['-crf', own ? '24' : '31', '-b:v', String(bits), '-deadline', 'good', '-cpu-used', '5'],
          ...['-row-mt', '1', '-tile-columns', size.width >= 1_280 ? '2' : '0', '-threads', '2'],
          ...['-g', String(framesPerSecond * 2)],
          ...[
            '-colorspace',
            'bt709',
            '-color_primaries',
            'bt709',
            '-color_trc',
            'bt709',
            '-color_range',
            'tv',
          ],
          ...[
            '-t',
            String(limitSeconds),
            '-map_metadata',
            '-1',
            '-map_chapters',
            '-1',
            '-fflags',
            '+bitexact',
          ],
          ...['-f', 'webm'],
        ],
        target: FILM_FILES.film,
      },
    ],
  };
}

const whole = (pixels: number): number => Math.max(2, Math.floor(pixels));

/** One frame, from a moment on: of films that begin in black the first one says nothing. */
export function frameCommand(source: string, atSeconds: number): MediaCommand {
  const { options, file } = input(source);
  return {
    input: { options: [...options, '-ss', atSeconds.toFixed(2)], file },
    graph: '[0:v:0]format=rgb24[out]',
    outputs: [{ options: ['-map', '[out]', '-frames:v', '1', '-f', 'image2'], target: FILM_FILES.frame }],
  };
}

/** Every frame as a few fields of light and dark, by which flashes are counted: RGBA, one frame after the other. */
export function fieldsCommand(source: string, { width, height }: Size): MediaCommand {
  return {
    input: input(source),
    graph: `[0:v:0]scale=${width}:${height}:flags=area,format=rgba[out]`,
    outputs: [{ options: ['-map', '[out]', '-f', 'rawvideo'], target: FILM_FILES.fields }],
  };
}
