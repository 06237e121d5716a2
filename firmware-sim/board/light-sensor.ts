import { sunElevation } from '#devices/board/sun';

/** What a board's own sensor sees of the light around it, lux; null while it says nothing. */
export interface LightSensor {
  lux(at: number): number | null;
}

const PLACE = { latitude: 20.54, longitude: 105.91 };
/** A street lamp is never far. */
const NIGHT_LUX = 8;
const NOON_LUX = 90_000;
const HALF_HOUR_MS = 1_800_000;

/** A sensor under the sky of Phù Vân: sun, dusk, street lamps, and clouds that pass. @param at epoch ms. */
export class SkySensor implements LightSensor {
  lux(at: number): number {
    const elevation = sunElevation(at, PLACE.latitude, PLACE.longitude);
    const sun = elevation > 0 ? NOON_LUX * Math.sin((elevation * Math.PI) / 180) ** 1.3 : 0;
    const dusk = 400 * 10 ** (Math.min(0, elevation) / 2.2);
    const clouds = 0.8 + 0.2 * Math.sin((2 * Math.PI * at) / HALF_HOUR_MS);
    return Math.round((NIGHT_LUX + dusk + sun * clouds) * 10) / 10;
  }
}

/** A sensor whose light is set by hand. */
export class SetSensor implements LightSensor {
  #lux: number | null;

  constructor(lux: number | null) {
    this.#lux = lux;
  }

  set(lux: number | null): void {
    this.#lux = lux;
  }

  lux(): number | null {
    return this.#lux;
  }
}
