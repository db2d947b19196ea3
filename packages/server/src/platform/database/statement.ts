import { type Compilable, type CompiledQuery, type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely';
import { createBuilder } from './builder.ts';
import { asDatabaseFailure, requireStorable } from './failures.ts';
import type { DialectName, Reader, Schema, Tx } from './schema.ts';

/**
 * A statement compiled once for each dialect: the builder runs on first use, afterwards only parameters are put in.
 * Compiling on every call costs 2.5 to 4 times as much.
 */
export interface Statement<P, R> {
  all(on: Reader, parameters: P): Promise<R[]>;
  /** The first row, or null. */
  first(on: Reader, parameters: P): Promise<R | null>;
  /** How many rows were changed. */
  run(on: Reader, parameters: P): Promise<number>;
  /**
   * Runs it as a part of the transaction without waiting for it: should it fail, the transaction does. Throws what is known at once:
   * UnstorableText, and on SQLite any failure.
   */
  send(tx: Tx, parameters: P): void;
}

/** Stands for the parameter `name` while a statement is built; it compiles to a plain placeholder. */
class Slot {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** Gives a slot for each parameter, typed as the value that will take its place. */
export type ParameterOf<P> = <K extends keyof P & string>(name: K) => P[K];

type Build<P, R> = (query: Kysely<Schema>, parameter: ParameterOf<P>, dialect: DialectName) => Compilable<R>;

const builders: Record<DialectName, Kysely<Schema>> = {
  sqlite: createBuilder('sqlite'),
  postgres: createBuilder('postgres'),
};

const declared: ((dialect: DialectName) => CompiledQuery<unknown>)[] = [];

/** The SQL of every statement that was declared so far, for checks that concern all of them. */
export function listStatements(dialect: DialectName): string[] {
  return declared.map((compile) => compile(dialect).sql);
}

/**
 * Declares a statement. `build` receives a query builder, `parameter(name)`, which stands for a value given at each call, and the dialect,
 * for where the databases differ.
 * Errors of a lost database arrive as DatabaseUnavailable.
 */
export function statement<P extends object, R>(build: Build<P, R>): Statement<P, R> {
  const compiled = new Map<DialectName, CompiledQuery<R>>();
  const compile = (dialect: DialectName): CompiledQuery<R> => {
    const known = compiled.get(dialect);
    if (known) return known;
    const parameter = ((name: string) => new Slot(name)) as unknown as ParameterOf<P>;
    const fresh = build(builders[dialect], parameter, dialect).compile();
    compiled.set(dialect, fresh);
    return fresh;
  };
  declared.push(compile);
  const ask = (on: Reader, values: P) => {
    const query = compile(on.dialect);
    const parameters = query.parameters.map((one) => (one instanceof Slot ? values[one.name as keyof P] : one));
    return on.run(query.sql, parameters);
  };
  const execute = async (on: Reader, values: P) => {
    try {
      const answer = ask(on, values);
      // To await what is there already would cost a turn of the queue.
      return (answer instanceof Promise ? await answer : answer) as { rows: R[]; changes: number };
    } catch (error) {
      throw asDatabaseFailure(error);
    }
  };
  return {
    all: async (on, values) => (await execute(on, values)).rows,
    first: async (on, values) => (await execute(on, values)).rows[0] ?? null,
    run: async (on, values) => (await execute(on, values)).changes,
    send(tx, values) {
      const answer = ask(tx, values);
      // The connection knows that it failed, and commits nothing.
      if (answer instanceof Promise) answer.catch(() => undefined);
    },
  };
}

/** How the values of a list are to be understood. */
type ColumnType = 'text' | 'integer' | 'bigint';
/** The columns of a list of rows, by what they hold. */
type Columns = Partial<Record<ColumnType, readonly string[]>>;

/**
 * A list as one parameter of a statement. With a placeholder for each of its values a statement would have another text for every length,
 * and what the database keeps prepared would soon be nothing else. Throws UnstorableText.
 */
export function listOf(values: readonly unknown[]): string {
  requireStorable(values);
  return JSON.stringify(values);
}

/** Whether a column holds one of the values of a list. */
export function isAmong(
  dialect: DialectName,
  column: string,
  { list, type = 'text' }: { list: string; type?: ColumnType },
): RawBuilder<SqlBool> {
  return dialect === 'sqlite'
    ? sql`${sql.ref(column)} in (select value from json_each(${list}))`
    : sql`${sql.ref(column)} = any(array(select json_array_elements_text(${list}::json)::${sql.raw(type)}))`;
}

/** The names of columns, in their order. */
export const namesIn = <C extends Columns>(columns: C) =>
  Object.values(columns).flat() as (C[keyof C] & readonly string[])[number][];

/** The rows of a list of objects: for `insert … select`, or to be joined with. */
export function rowsIn(
  dialect: DialectName,
  { list, columns }: { list: string; columns: Columns },
): RawBuilder<unknown> {
  const names = namesIn(columns);
  if (dialect === 'sqlite') {
    const values = names.map((name) => sql`value ->> ${sql.lit(name)} as ${sql.ref(name)}`);
    // Without `where` SQLite would read `on conflict` as the beginning of a join.
    return sql`select ${sql.join(values)} from json_each(${list}) where true`;
  }
  const typed = Object.entries(columns).flatMap(([type, some]) =>
    some.map((name) => sql`${sql.ref(name)} ${sql.raw(type)}`),
  );
  return sql`select ${sql.join(names.map((name) => sql.ref(name)))} from json_to_recordset(${list}::json) as listed(${sql.join(typed)})`;
}

/**
 * Every kind of value that may be used once, whoever asks for it and however many at the same moment: one name in a list, so that a proof can
 * say it has raced them all (T-006).
 */
const kinds = new Set<string>();

/**
 * Declares the statement that takes a value of a kind, or finds it gone: `where … returning`, or an update that only one caller can make. The
 * decision is the statement's alone; nobody looks first.
 */
export function takeOnce<P extends object, R>(kind: string, build: Build<P, R>): Statement<P, R> {
  kinds.add(kind);
  return statement<P, R>(build);
}

/** The kinds that were declared so far, in order. */
export const listOneTimeKinds = (): string[] => [...kinds].sort();
