/** Devices: what to call the browser somebody signs in with and the keeper of a passkey, so that people recognise them in a list. */
export { describeDevice } from './describe-device.ts';
export { providerName } from './provider-names.ts';
