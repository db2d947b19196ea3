/** AWS Signature Version 4: proves to AWS, and to services that speak like it, who sends a request and that nobody changed it. */
export { putS3Object, type S3Bucket } from './put-s3-object.ts';
export { type AwsCredentials, signAwsRequest } from './sign-aws-request.ts';
