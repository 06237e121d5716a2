import type { ScreenRectangle } from '#devices/board/settings';
import { Capabilities, Panel } from '#devices/kind';

/** What the address says: `/board?pitch=2.5`. */
export interface BoardOptions {
  /** Between two pixels of the panel, mm. */
  readonly pitchMm: number;
}

/** Of a 43-inch screen of 1,920 pixels: a guess, for whoever measured nothing. */
const GUESSED_PITCH_MM = 0.5;

/** What the page's address asks for; what cannot be is passed over. @param search of the address, such as `?pitch=2.5`. */
export function optionsIn(search: string): BoardOptions {
  const asked = new URLSearchParams(search).get('pitch');
  const pitch = Panel.shape.pitchMm.safeParse(Number((asked ?? '').replace(',', '.')));
  return { pitchMm: asked !== null && pitch.success ? pitch.data : GUESSED_PITCH_MM };
}

/** What of the screen is the board: all of it, or the part that an LED panel mirrors, in real pixels. */
export function boardOn(
  screen: { readonly width: number; readonly height: number },
  rectangle: ScreenRectangle | undefined,
): ScreenRectangle {
  return rectangle ?? { x: 0, y: 0, ...screen };
}

/** What this board says that it can do. */
export function capabilitiesOf(
  { width, height }: { readonly width: number; readonly height: number },
  { pitchMm }: BoardOptions,
): Capabilities {
  const panel = {
    width: Math.min(Math.max(width, 16), 7_680),
    height: Math.min(Math.max(height, 16), 4_320),
    pitchMm,
  };
  return Capabilities.parse({ codecs: [], panel, display: 'lcd' });
}

/**
 * Where this page reaches the broker: the WebSocket addresses that the controller named, the page's own host first where
 * the broker is behind the controller's own door: who was reached by this name is reached by it again.
 * @param origin of the page, such as `https://loa.example`.
 */
export function brokersFor(brokers: readonly string[], origin: string): string[] {
  const sockets = brokers.filter((url) => /^wss?:/.test(url));
  const own = new URL(origin);
  const door = sockets.find((url) => new URL(url).pathname === BROKER_DOOR);
  if (door === undefined) return sockets;
  const ours = `${own.protocol === 'https:' ? 'wss:' : 'ws:'}//${own.host}${BROKER_DOOR}`;
  return [...new Set([ours, ...sockets])];
}

/** Where the controller's HTTP port passes MQTT on. */
const BROKER_DOOR = '/mqtt';
