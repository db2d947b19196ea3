import { credentialsOf, signAwsRequest } from '../../../platform/aws-signature/index.ts';
import { jsonOf, type Sink, type SinkDeps, SinkFailure } from '../sink.ts';
import type { AwsSettings } from './aws-settings.ts';

/** CloudWatch Logs, `PutLogEvents`: JSON 1.1, ordered by time. The log stream is made when it is missing, the group never. */
export function cloudwatchSink({ fetch, clock }: SinkDeps, settings: AwsSettings): Sink {
  const { region = '', logGroup: logGroupName, logStream: logStreamName, logsEndpoint } = settings;
  const url = new URL(logsEndpoint ?? `https://logs.${region}.amazonaws.com/`);
  const call = async (action: string, input: object): Promise<{ status: number; type: string }> => {
    const body = JSON.stringify(input);
    const plain = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `Logs_20140328.${action}` };
    const scope = { credentials: credentialsOf(settings), region, service: 'logs', now: clock.now() };
    const headers = signAwsRequest({ method: 'POST', url, headers: plain, body }, scope);
    const answer = await fetch(url.href, { method: 'POST', headers, body });
    const type = answer.status === 200 ? '' : String(jsonOf(answer).__type ?? '');
    return { status: answer.status, type: type.replace(/^.*#/, '') };
  };
  return {
    name: 'cloudwatch',
    gatherMs: 0,
    async send(events) {
      const logEvents = events
        .map((event) => ({ timestamp: Date.parse(event.created_at), message: JSON.stringify(event) }))
        .sort((a, b) => a.timestamp - b.timestamp);
      const put = () => call('PutLogEvents', { logGroupName, logStreamName, logEvents });
      let answer = await put();
      if (answer.type === 'ResourceNotFoundException') {
        const made = await call('CreateLogStream', { logGroupName, logStreamName });
        if (made.status === 200 || made.type === 'ResourceAlreadyExistsException') answer = await put();
      }
      if (answer.status !== 200) throw new SinkFailure(`answered ${answer.status} ${answer.type.slice(0, 80)}`);
    },
  };
}
