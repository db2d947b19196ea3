import { DatabaseUnavailable, UnstorableText } from '../database/index.ts';
import { Refusal } from '../refusals/index.ts';
import { refusals } from './refusals.ts';

interface ValidationProblem {
  instancePath?: string;
  message?: string;
  params?: Record<string, unknown>;
}

interface FastifyFailure {
  code?: string;
  statusCode?: number;
  validation?: ValidationProblem[];
  validationContext?: string;
  message?: string;
}

function fieldOf(problem: ValidationProblem, context: string | undefined): string {
  const path = (problem.instancePath ?? '').split('/').filter(Boolean).join('.');
  const missing = problem.params?.missingProperty ?? problem.params?.additionalProperty;
  const field = [path, typeof missing === 'string' ? missing : ''].filter(Boolean).join('.');
  return field || context || 'body';
}

function invalidRequest(failure: FastifyFailure): Refusal {
  const details = (failure.validation ?? []).map((problem) => ({
    field: fieldOf(problem, failure.validationContext),
    problem: problem.message ?? 'is not valid',
  }));
  return refusals.invalid_request({ ...(details.length > 0 ? { body: { details } } : {}) });
}

function ofFastify(failure: FastifyFailure): Refusal | null {
  if (failure.validation) return invalidRequest(failure);
  if (failure.code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return refusals.body_too_large({ headers: { connection: 'close' } });
  if (failure.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return refusals.unsupported_media_type();
  if (failure.statusCode === 413) return refusals.body_too_large({ headers: { connection: 'close' } });
  if (failure.statusCode !== undefined && failure.statusCode >= 400 && failure.statusCode < 500)
    return refusals.invalid_request();
  return null;
}

/** Turns whatever was thrown into a refusal; `fault` is the original when it was a defect of ours to be reported. */
export function translateError(error: unknown): { refusal: Refusal; fault: unknown } {
  if (error instanceof Refusal) return { refusal: error, fault: null };
  if (error instanceof DatabaseUnavailable) {
    return { refusal: refusals.temporarily_unavailable({ headers: { 'retry-after': '5' } }), fault: error };
  }
  if (error instanceof UnstorableText)
    return { refusal: refusals.invalid_request({ detail: error.message }), fault: null };
  const known = typeof error === 'object' && error !== null ? ofFastify(error as FastifyFailure) : null;
  return known ? { refusal: known, fault: null } : { refusal: refusals.internal_error(), fault: error };
}
