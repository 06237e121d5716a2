import type { Assets, Pixels } from './assets.ts';
import { type Box, overlap, wholeOf } from './box.ts';
import type { Brush, Size } from './brush.ts';
import type { SetPage, SetZone } from './page-plan.ts';
import { fillAll } from './raster.ts';
import type { Scratch } from './scratch.ts';

interface Layer {
  readonly brush: Brush;
  readonly pixels: Pixels;
}

/** A zone whose pixels stay while its moment has one name. */
interface StillZone {
  readonly zone: SetZone;
  /** Where it is kept: with the page, or by itself since it lies over something that moves. */
  readonly layer: Layer;
  readonly at: { readonly x: number; readonly y: number };
  name: string | null;
}

/**
 * One page, ready to be drawn: what stands still is composed once into layers and copied from them, pixel by pixel; what
 * moves is drawn between them, frame by frame.
 */
export class Stage {
  readonly #page: number;
  readonly #assets: Assets;
  readonly #scratch: Scratch;
  readonly #base: Layer;
  readonly #still: StillZone[] = [];
  /** Over the page's own layer, in the order of the zones. */
  readonly #over: (StillZone | { readonly moves: SetZone })[] = [];

  constructor(set: SetPage, page: number, size: Size, assets: Assets, scratch: Scratch) {
    this.#scratch = scratch;
    this.#page = page;
    this.#assets = assets;
    this.#base = assets.layer(size);
    this.#base.brush.fillStyle = set.ground;
    this.#base.brush.fillRect(0, 0, size.width, size.height);
    const moving: Box[] = [];
    for (const zone of set.zones) {
      const covers = moving.some((box) => overlap(box, zone.box));
      if (zone.act.everyFrame === true) {
        // What stands there while nothing moves: its ground, and its words.
        if (!covers) this.#keep(zone, this.#base, zone.box);
        else this.#over.push(this.#keep(zone, assets.layer(zone.box), { x: 0, y: 0 }));
        this.#over.push({ moves: zone });
      } else if (covers) this.#over.push(this.#keep(zone, assets.layer(zone.box), { x: 0, y: 0 }));
      else this.#keep(zone, this.#base, zone.box);
      if (zone.act.everyFrame === true || covers) moving.push(zone.box);
    }
  }

  /** @returns until its pixels change, in ms. */
  draw(brush: Brush, groupMs: number, now: number): number {
    let nextInMs = this.compose(groupMs, now);
    brush.imageSmoothingEnabled = false;
    brush.drawImage(this.#base.pixels, 0, 0);
    for (const one of this.#over) {
      if ('moves' in one) {
        const { act, box } = one.moves;
        act.draw?.(brush, box, groupMs, this.#assets);
        nextInMs = Math.min(nextInMs, this.#moment(one.moves, groupMs, now).nextInMs);
      } else brush.drawImage(one.layer.pixels, one.zone.box.x, one.zone.box.y);
    }
    return nextInMs;
  }

  /** Composes what stands still, where it is not what stood there last. @returns until it is another, in ms. */
  compose(groupMs: number, now: number): number {
    let nextInMs = Number.POSITIVE_INFINITY;
    const changed: Box[] = [];
    for (const still of this.#still) {
      const { zone, layer } = still;
      const moves = zone.act.everyFrame === true;
      const moment = this.#moment(zone, groupMs, now);
      const name = moves ? '' : moment.name;
      if (!moves) nextInMs = Math.min(nextInMs, moment.nextInMs);
      const covered = layer === this.#base && changed.some((box) => overlap(box, zone.box));
      if (still.name === name && !covered) continue;
      this.#paint(still, groupMs, now);
      still.name = name;
      if (layer === this.#base) changed.push(zone.box);
    }
    return nextInMs;
  }

  #paint(
    { zone: { box, ground, act }, layer: { brush }, at }: StillZone,
    groupMs: number,
    now: number,
  ): void {
    const raster = this.#scratch.raster(brush, box);
    fillAll(raster, ground);
    act.paint(raster, this.#page % act.pages, groupMs, now);
    brush.putImageData(raster, at.x, at.y);
    if (act.everyFrame !== true) act.draw?.(brush, { ...wholeOf(box), ...at }, groupMs, this.#assets);
  }

  #moment({ act }: SetZone, groupMs: number, now: number): { name: string; nextInMs: number } {
    return act.at(this.#page % act.pages, groupMs, now);
  }

  #keep(zone: SetZone, layer: Layer, at: { readonly x: number; readonly y: number }): StillZone {
    const still: StillZone = { zone, layer, at: { x: at.x, y: at.y }, name: null };
    this.#still.push(still);
    return still;
  }
}
