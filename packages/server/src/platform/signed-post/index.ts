/**
 * Signed posts: a body sent to somebody else's address, with headers that prove where it comes from (Standard Webhooks, and
 * `X-Gatehouse-*` of the same kind). Where it may go is decided by `platform/fetch`.
 */
export { type PostOutcome, postSigned, type SignedPost } from './post-signed.ts';
