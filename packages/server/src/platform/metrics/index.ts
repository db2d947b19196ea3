/**
 * Metrics: counters, gauges and histograms in Prometheus text (exposition format 0.0.4).
 *
 * Owns one registry per server, so that two servers in one process do not count into each other. Its library is loaded
 * only when metrics are switched on.
 */
export {
  type Counter,
  createMetrics,
  type Gauge,
  type Histogram,
  type Labels,
  type Measure,
  type Metrics,
} from './create-metrics.ts';
