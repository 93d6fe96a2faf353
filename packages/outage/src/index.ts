export { Patience } from "./patience.ts";
export { SpoolDrainer, type SpoolDrainerOptions } from "./spool-drainer.ts";
export { StoreCircuit, type CircuitState, type StoreCircuitOptions } from "./store-circuit.ts";
export { TransientMap } from "./transient-map.ts";
