type JsonObject = Record<string, unknown>;

/** Turns creation options from JSON into what `navigator.credentials.create` takes. */
export function readCreationOptions(
  json: JsonObject,
  api: Partial<typeof PublicKeyCredential>,
): PublicKeyCredentialCreationOptions {
  if (api.parseCreationOptionsFromJSON) {
    return api.parseCreationOptionsFromJSON(json as unknown as PublicKeyCredentialCreationOptionsJSON);
  }
  const user = json.user as JsonObject;
  return {
    ...json,
    challenge: toBytes(json.challenge),
    user: { ...user, id: toBytes(user.id) },
    excludeCredentials: readDescriptors(json.excludeCredentials),
  } as unknown as PublicKeyCredentialCreationOptions;
}

/** Turns request options from JSON into what `navigator.credentials.get` takes. */
export function readRequestOptions(
  json: JsonObject,
  api: Partial<typeof PublicKeyCredential>,
): PublicKeyCredentialRequestOptions {
  if (api.parseRequestOptionsFromJSON) {
    return api.parseRequestOptionsFromJSON(json as unknown as PublicKeyCredentialRequestOptionsJSON);
  }
  return {
    ...json,
    challenge: toBytes(json.challenge),
    allowCredentials: readDescriptors(json.allowCredentials),
  } as unknown as PublicKeyCredentialRequestOptions;
}

/** Turns a credential into JSON (WebAuthn Level 3), also where the browser cannot do it itself. */
export function writeCredential(credential: PublicKeyCredential): JsonObject {
  // Some password managers replace the credential by an object whose toJSON is missing or throws.
  try {
    return credential.toJSON() as unknown as JsonObject;
  } catch {
    return {
      id: credential.id,
      rawId: toBase64url(credential.rawId),
      type: credential.type,
      response: writeResponse(credential.response),
      clientExtensionResults: credential.getClientExtensionResults(),
    };
  }
}

function writeResponse(response: AuthenticatorResponse): JsonObject {
  const { clientDataJSON, attestationObject, authenticatorData, signature, userHandle } = response as unknown as Record<
    string,
    ArrayBuffer | null | undefined
  >;
  const { getTransports } = response as AuthenticatorAttestationResponse;
  return {
    clientDataJSON: toBase64url(clientDataJSON),
    attestationObject: toBase64url(attestationObject),
    transports: attestationObject && getTransports ? getTransports.call(response) : undefined,
    authenticatorData: attestationObject ? undefined : toBase64url(authenticatorData),
    signature: toBase64url(signature),
    userHandle: toBase64url(userHandle),
  };
}

function readDescriptors(list: unknown): JsonObject[] {
  return ((list ?? []) as JsonObject[]).map((item) => ({ ...item, id: toBytes(item.id) }));
}

function toBytes(text: unknown): Uint8Array<ArrayBuffer> {
  const binary = atob(String(text).replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

function toBase64url(bytes: ArrayBuffer | null | undefined): string | undefined {
  if (!bytes) return undefined;
  const binary = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
