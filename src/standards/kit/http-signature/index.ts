export { DIGEST_ALGORITHMS, digestOf, isDigestAlgorithm, readDigest, type DigestAlgorithm } from './digest.js';
export {
  readSignatureParameters,
  toHttpSignature,
  writeHttpSignature,
  type HttpSignature,
} from './signature-header.js';
export {
  fitsKey,
  isSignatureAlgorithm,
  isSignatureOf,
  SIGNATURE_ALGORITHMS,
  signingString,
  signText,
  type SignatureAlgorithm,
} from './signing.js';
