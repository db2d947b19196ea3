/**
 * JSON documents that are changed in part and believed as a whole: merge patches (RFC 7396), and the problems of a document told by field.
 */
export { checkDocument, type DocumentProblem } from './check-document.ts';
export { mergePatch, patchBetween } from './merge-patch.ts';
