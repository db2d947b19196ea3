/**
 * The frame around every page: who asks and in which browser, in which language and under which brand, and the document they
 * get. A form is taken only with the token of the browser it was drawn for, and only from the server's own pages (T-060, A-053).
 */
export { type Answers, createAnswers, type Onward } from './answers.ts';
export { describeAgo, describeDate } from './describe-time.ts';
export { fillSentence, fillText } from './fill-sentence.ts';
export type { Notice, SignInProgress } from './flow.ts';
export { createPageGuards, newFlow, type PageCaller, type PageUser } from './guards.ts';
export { icons } from './icons.ts';
export { readField } from './read-field.ts';
export { renderForm, renderNotice, renderProblem } from './render-parts.ts';
export { createRefusalPage } from './render-refusal.ts';
