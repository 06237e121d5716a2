/** The doors of this room to the REST interface. */
export { type AreaHandlersDeps, areaHandlers } from './area-handlers.ts';
export { type DeviceHandlersDeps, deviceHandlers } from './device-handlers.ts';
export { type ModelHandlersDeps, modelHandlers } from './model-handlers.ts';
