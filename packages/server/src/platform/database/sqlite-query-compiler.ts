import { type LimitNode, SqliteQueryCompiler } from 'kysely';

/**
 * Compiles for SQLite. Its planner looks at the number a bare placeholder behind `limit` stands for, and therefore prepares such a statement
 * anew at each execution; behind a plus it does not look.
 */
export class PlannedOnceCompiler extends SqliteQueryCompiler {
  protected override visitLimit(node: LimitNode): void {
    this.append('limit +');
    this.visitNode(node.limit);
  }
}
