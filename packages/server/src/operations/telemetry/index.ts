/**
 * Telemetry: every finished request becomes a log line and an observation, every sign-in a count. Metrics are Prometheus text, on a port of
 * their own or behind the administrators' door (D28); until somebody can read them nothing is counted and the library is not loaded.
 */
export { createTelemetry, type Telemetry } from './create-telemetry.ts';
export { type GaugeSource, standardGauges } from './gauges.ts';
export { telemetryRoutes } from './routes.ts';
