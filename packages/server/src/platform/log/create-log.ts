import { pino } from 'pino';
import { allowFields, type LogFields } from './fields.ts';
import { prettyLine } from './pretty-line.ts';

/** Importance of an event. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Writes events: a stable dotted name and its fields. Never throws because of what a field holds. */
export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  /** A log that adds these fields to every event. */
  child(fields: LogFields): Log;
}

/** How to log. The destination receives whole lines; it is standard output unless given. */
export interface LogOptions {
  readonly level: LogLevel;
  readonly format: 'json' | 'pretty' | 'silent';
  readonly destination?: { write(line: string): unknown };
}

/** Creates the log of a process: one JSON record, or one line for a terminal, per event. */
export function createLog({ level, format, destination = process.stdout }: LogOptions): Log {
  const target =
    format === 'pretty' ? { write: (line: string) => void destination.write(prettyLine(line)) } : destination;
  const options = {
    level: format === 'silent' ? 'silent' : level,
    base: { service: 'gatehouse' },
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const logger = pino(options, { write: (line: string) => void target.write(line) });
  return logInto(logger, {});
}

type Sink = Readonly<Record<LogLevel, (record: object) => void>> & { isLevelEnabled(level: string): boolean };

function logInto(sink: Sink, bound: Record<string, unknown>): Log {
  const write =
    (level: LogLevel) =>
    (event: string, fields: LogFields = {}) => {
      if (sink.isLevelEnabled(level)) sink[level]({ event: event.slice(0, 100), ...bound, ...allowFields(fields) });
    };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (fields) => logInto(sink, { ...bound, ...allowFields(fields) }),
  };
}
