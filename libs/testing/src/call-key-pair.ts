import { exportJWK, generateKeyPair, type JWK } from 'jose';

/** Ed25519, as JWK: the private half signs like the gateway, the public half is a service's `callKey`. */
export interface CallKeyPair {
  publicJwk: JWK;
  privateJwk: JWK;
}

export async function callKeyPair(): Promise<CallKeyPair> {
  const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const described = { alg: 'EdDSA', use: 'sig' };
  return {
    publicJwk: { ...(await exportJWK(pair.publicKey)), ...described },
    privateJwk: { ...(await exportJWK(pair.privateKey)), ...described },
  };
}
