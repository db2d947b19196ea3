import { describe, expect, it } from 'vitest';
import { createMetrics } from './index.ts';

describe('metrics', () => {
  it('renders counters, gauges and histograms with their labels', async () => {
    const metrics = await createMetrics();
    const requests = metrics.counter({ name: 'gatehouse_requests_total', help: 'Requests.', labels: ['status'] });
    requests.add({ status: '200' });
    requests.add({ status: '200' }, 2);
    metrics.gauge({ name: 'gatehouse_jobs_waiting', help: 'Jobs.' }).set(4);
    metrics.histogram({ name: 'gatehouse_request_seconds', help: 'Time.', buckets: [0.1, 1] }).observe(0.5);
    const text = await metrics.render();
    expect(text).toContain('gatehouse_requests_total{status="200"} 3');
    expect(text).toContain('gatehouse_jobs_waiting 4');
    expect(text).toContain('gatehouse_request_seconds_bucket{le="0.1"} 0');
    expect(text).toContain('gatehouse_request_seconds_bucket{le="1"} 1');
  });

  it('measures the process itself', async () => {
    expect(await (await createMetrics()).render()).toContain('process_cpu_seconds_total');
  });

  it('keeps two registries apart', async () => {
    const [one, two] = [await createMetrics(), await createMetrics()];
    one.counter({ name: 'apart_total', help: 'One.' }).add();
    two.counter({ name: 'apart_total', help: 'Two.' });
    expect(await two.render()).toContain('apart_total 0');
  });

  it('refuses a label that the measure does not declare', async () => {
    const counter = (await createMetrics()).counter({ name: 'strict_total', help: 'Strict.', labels: ['a'] });
    expect(() => counter.add({ b: '1' })).toThrow();
  });
});
