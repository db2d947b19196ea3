/**
 * AWS Signature Version 4: proves to AWS, and to services that speak like it, who sends a request and that nobody changed it; and the one
 * service that several rooms ask with it, S3.
 */
export { openBucket, type S3Bucket } from './open-bucket.ts';
export { type AwsCredentials, credentialsOf, signAwsRequest } from './sign-aws-request.ts';
