/** A command that cannot be done, and what to do about it. */
export class CommandFailure extends Error {
  override name = 'CommandFailure';
  /** A command or a sentence that helps. */
  readonly hint: string | undefined;

  constructor(message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.hint = options.hint;
  }
}
