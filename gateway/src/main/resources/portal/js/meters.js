// The catalogue of meters.
import { get } from "./api.js";
import { kept } from "./kept.js";

/** All meters by their ids: `{meterId, name, unit, …}`. */
export const meters = kept(async () => new Map((await get("/meters")).value.map((meter) => [meter.meterId, meter])));
