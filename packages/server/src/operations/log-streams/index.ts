/**
 * Log streams: sealed events, carried to where the logs of an installation are kept. Each stream reads the log from a place of its own and
 * moves it only when its sink has taken a batch, so that nothing is left out and at most a batch is repeated; one node at a time
 * carries a stream, by a lease. All speak the wire format of their vendor, without its library.
 */
export { createLogStreams, type LogStreams, type LogStreamsDeps } from './create-log-streams.ts';
export { openSinks, type SinkSettings } from './open-sinks.ts';
export { listStreams } from './store.ts';
