export { isHeaderText, parseEmailAddress, parseSender, type Sender } from './address.ts';
