import type { Registry } from 'prom-client';

/** Labels of one observation. Values come from closed sets: never an address, an id or a text a stranger chose. */
export type Labels = Readonly<Record<string, string>>;

/** A number that only grows. */
export interface Counter {
  add(labels?: Labels, by?: number): void;
}

/** A number that goes up and down. */
export interface Gauge {
  set(value: number, labels?: Labels): void;
  /** Forgets every combination of labels. */
  reset(): void;
}

/** A distribution, in the unit its name ends with. */
export interface Histogram {
  observe(value: number, labels?: Labels): void;
}

/** Name, meaning and label names of a measure; buckets for a histogram. */
export interface Measure {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
  readonly buckets?: readonly number[];
}

/** The measures of one process, rendered as Prometheus text. */
export interface Metrics {
  counter(measure: Measure): Counter;
  gauge(measure: Measure): Gauge;
  histogram(measure: Measure): Histogram;
  /** Prometheus text of every measure. */
  render(): Promise<string>;
  readonly contentType: string;
}

/** Creates a registry of its own with the process measures (CPU, memory, event loop). Loads its library only here. */
export async function createMetrics(): Promise<Metrics> {
  const prom = await import('prom-client');
  const registry: Registry = new prom.Registry();
  prom.collectDefaultMetrics({ register: registry });
  const shape = ({ name, help, labels = [] }: Measure) => ({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
  });
  return {
    counter(measure) {
      const counter = new prom.Counter(shape(measure));
      return { add: (labels = {}, by = 1) => counter.inc({ ...labels }, by) };
    },
    gauge(measure) {
      const gauge = new prom.Gauge(shape(measure));
      return { set: (value, labels = {}) => gauge.set({ ...labels }, value), reset: () => gauge.reset() };
    },
    histogram(measure) {
      const buckets = measure.buckets === undefined ? {} : { buckets: [...measure.buckets] };
      const histogram = new prom.Histogram({ ...shape(measure), ...buckets });
      return { observe: (value, labels = {}) => histogram.observe({ ...labels }, value) };
    },
    render: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
