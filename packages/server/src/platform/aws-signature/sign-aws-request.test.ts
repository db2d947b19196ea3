import { expect, test } from 'vitest';
import { signAwsRequest } from './index.ts';

// The published test suite of Signature Version 4.
const suite = {
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' },
  region: 'us-east-1',
  service: 'service',
  now: Date.UTC(2015, 7, 30, 12, 36),
};

test.each([
  ['get-vanilla', 'GET', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  ['post-vanilla', 'POST', '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
])('signs %s of the published suite as it is written there', (_name, method, signature) => {
  const url = new URL('https://example.amazonaws.com/');
  expect(signAwsRequest({ method, url, headers: {}, body: '' }, suite)).toEqual({
    'x-amz-date': '20150830T123600Z',
    authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=${signature}`,
  });
});

test('signs the PUT of an object as the documentation of S3 does', () => {
  const credentials = {
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  };
  const scope = { credentials, region: 'us-east-1', service: 's3', now: Date.UTC(2013, 4, 24) };
  const url = new URL('https://examplebucket.s3.amazonaws.com/test$file.text');
  const headers = { Date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' };
  const { authorization } = signAwsRequest({ method: 'PUT', url, headers, body: 'Welcome to Amazon S3.' }, scope);
  expect(authorization).toContain('SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class,');
  expect(authorization).toContain('Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd');
});

test('temporary credentials send and sign their token', () => {
  const scope = { ...suite, credentials: { ...suite.credentials, sessionToken: 'token' } };
  const url = new URL('https://example.amazonaws.com/');
  const headers = signAwsRequest({ method: 'GET', url, headers: {}, body: '' }, scope);
  expect(headers['x-amz-security-token']).toBe('token');
  expect(headers.authorization).toContain('SignedHeaders=host;x-amz-date;x-amz-security-token,');
});
