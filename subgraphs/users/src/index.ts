export { verifyAccessToken } from './access-token.jose.ts';
export { type Claims, revokedKey } from './access-token.ts';
